"""A little book of one page, with this project's configuration and extension, to build."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
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
