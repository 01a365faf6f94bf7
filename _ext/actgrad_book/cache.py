"""Executed chapters are cached by what they ran with, not by their own text alone.

jupyter-cache keys on the code of a chapter's cells; an edit in ``actgrad/`` would leave its old
outputs on the page. Here the cache's folder carries a digest of the package and of the pinned
requirements. A page is out of date when that, or this extension, is not what it was read with.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).parents[2]
# What changes a chapter's outputs besides its own text, and what changes its page alone.
EXECUTED = (
    *("actgrad/**/*", "chapters/*.bib"),
    *("constraints.txt", "requirements.txt", "requirements-lab.txt"),
)
RENDERED = ("_ext/actgrad_book/**/*", "_ext/assets/package-lock.json", "_config.yml")


def digest(patterns: Iterable[str]) -> str:
    """Return a short digest of the edition and of the files that match the patterns."""
    sha = hashlib.sha256(os.environ.get("ACTGRAD_EDITION", "student").encode())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(ROOT).as_posix().encode()
                sha.update(name + b"\0" + path.read_bytes())
    return sha.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point MyST-NB at the cache of this digest and forget the caches of others."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / digest(EXECUTED)
    current.mkdir(parents=True, exist_ok=True)
    for other in caches.iterdir():
        if other != current and other.is_dir():
            shutil.rmtree(other)
    config["nb_execution_cache_path"] = str(current)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return every page when the digest is not the one that the pages were read with."""
    current = digest((*EXECUTED, *RENDERED))
    stale = getattr(env, "actgrad_digest", current) != current
    env.actgrad_digest = current  # type: ignore[attr-defined]
    return sorted(env.found_docs) if stale else []


def setup(app: Sphinx) -> None:
    """Connect the cache's handlers."""
    app.connect("config-inited", choose_cache)
    app.connect("env-get-outdated", outdated)
