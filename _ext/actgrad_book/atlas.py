"""The atlas's pages are generated before the book is read: a page a record, and the gallery.

`atlas_pages` writes them, in one process of its own, to the folder ``atlas`` beside the
chapters. It runs again when the package, the bibliography, the generator, or which chapter
tells of which record has changed. The contents ask for the pages by ``glob: atlas/*``.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util import logging

from .cache import digest

logger = logging.getLogger(__name__)

FOLDER = "atlas"
STATES = "explorers.json"
EXTENSION = Path(__file__).parents[1]
WRITTEN_FROM = ("actgrad/**/*", "chapters/*.bib", "_ext/actgrad_book/atlas*")


def chapters(folder: Path) -> dict[str, str]:
    """Return the chapter of each record that has one: its own, or one that names it.

    A chapter names records in its front matter, ``records: elu, selu``.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        front = re.match(r"---\n.*?\n---\n", path.read_text(encoding="utf-8"), re.DOTALL)
        named = re.search(r"(?m)^records: *(.+)$", front[0] if front else "")
        names = re.split(r",\s*", named[1].strip()) if named else []
        for name in (path.stem.replace("-", "_"), *names):
            found.setdefault(name, path.stem)
    return found


def generate(app: Sphinx, config: Config) -> None:
    """Write the pages that the contents ask for, unless they are those of this package."""
    source = Path(app.srcdir)
    contents = (source / config.external_toc_path).read_text(encoding="utf-8")
    if f"{FOLDER}/*" not in contents:
        return
    folder, told = source / FOLDER, json.dumps(chapters(source / "chapters"))
    stamp, current = folder / ".digest", f"{digest(WRITTEN_FROM)} {told}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == current:
        return
    stamp.unlink(missing_ok=True)
    command = [sys.executable, "-m", "actgrad_book.atlas_pages", str(folder), told]
    paths = [str(EXTENSION), os.environ.get("PYTHONPATH", "")]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as complaints,
        subprocess.Popen(
            command,
            cwd=source,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            logger.info("%s", line.rstrip())
        if process.wait():
            complaints.seek(0)
            raise ExtensionError(f"the atlas was not written: {_reason(complaints.read())}")
    stamp.write_text(current, encoding="utf-8")


def _reason(complaints: str) -> str:
    """Return what a traceback ends with, without the exception's module."""
    lines = complaints.strip().splitlines() or ["its process was ended"]
    return re.sub(r"^(?:\w+\.)+(?=\w+: )", "", lines[-1])


def models(app: Sphinx, pagename: str) -> dict[str, Any]:
    """Return the widgets of a generated page, by id, as MyST-NB saves a chapter's."""
    path = Path(app.srcdir) / FOLDER / STATES
    if not pagename.startswith(f"{FOLDER}/") or not path.is_file():
        return {}
    kept = _read(path, path.stat().st_mtime_ns)
    return {
        name: {"state": {**model["state"], **kept["modules"][model["module"]]}}
        for name, model in kept["pages"].get(pagename, {}).items()
    }


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def setup(app: Sphinx) -> None:
    """Write before the table of contents looks for the pages (priority 500)."""
    app.connect("config-inited", generate, priority=400)
