"""A chapter is executed again when anything changes that its cells read."""

import ast
import re
from pathlib import Path

import jupytext
import pytest
from actgrad_book import cache

ROOT = Path(__file__).parents[1]


def read_by_cells():
    """Return the files of the repository that the chapters' cells name."""
    found = set()
    for chapter in sorted((ROOT / "chapters").glob("*.md")):
        for cell in jupytext.read(chapter, fmt="md:myst").cells:
            if cell.cell_type != "code":
                continue
            code = re.sub(r"(?m)^[%!].*$", "", cell.source)
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    path = ROOT / "chapters" / node.value
                    if len(node.value) < 200 and "\n" not in node.value and path.is_file():
                        found.add(path.resolve())
    return found


def test_no_cell_names_a_file_that_does_not_come_with_the_package():
    assert read_by_cells() == set()


@pytest.mark.parametrize(
    "file", ["chapters/a.bib", "actgrad/data/a.csv", "actgrad/a.py", "constraints.txt"]
)
def test_the_digest_follows_each_file(tmp_path, monkeypatch, file):
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1")
    before = cache.digest(cache.EXECUTED)
    path.write_text("2")
    assert cache.digest(cache.EXECUTED) != before
