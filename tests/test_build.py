"""The build stops at bad input with one clear message and leaves the finished book alone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

GOOD = "$x^2$\n\n```{code-cell} ipython3\n1 + 1\n```\n"
WRONG_STEP = """
import dataclasses

from actgrad.derivations import sigmoid_by_chain_rule

right = sigmoid_by_chain_rule()
last = right.steps[-1]
wrong = dataclasses.replace(last, expression=2 * last.expression)
dataclasses.replace(right, steps=(*right.steps[:-1], wrong)).prove()
"""


def cell(code: str) -> str:
    return f"```{{code-cell}} ipython3\n{code}\n```\n"


def test_good_page_becomes_the_finished_book(little_book, build):
    result = build(GOOD)
    assert result.returncode == 0, result.stderr
    finished = little_book / "_build" / "html" / "index.html"
    assert result.stdout.splitlines()[-1] == str(finished)
    page = (finished.parent / "chapters" / "page.html").read_text("utf-8")
    # Without the site's address there is none that a crawler could follow.
    assert 'property="og:title"' in page
    assert not re.search(r'property="og:(url|image)', page)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (cell("1 / 0"), ["chapters/page.md", "ZeroDivisionError"]),
        ("$\\frac{1}{$\n", ["chapters/page", "KaTeX cannot parse"]),
        (cell(WRONG_STEP), ["chapters/page.md", "Unproved", "step 16", "substitute back"]),
        ("{doc}`nowhere`\n", ["chapters/page.md", "nowhere"]),
        (cell("import warnings; warnings.warn('look')"), ["chapters/page.md", "stderr"]),
    ],
    ids=["cell raises", "bad formula", "unproved step", "dead link", "cell warns"],
)
def test_bad_page_stops_the_build(little_book, build, page, words):
    finished = little_book / "_build" / "html" / "chapters" / "page.html"
    finished.parent.mkdir(parents=True)
    finished.write_text("what stood before")
    result = build(page)
    assert result.returncode == 1
    for word in words:
        assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert finished.read_text() == "what stood before"


def test_page_that_the_contents_promise_must_be_built(little_book, build):
    (little_book / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/page\nchapters:\n  - file: chapters/missing\n"
    )
    result = build(GOOD)
    assert result.returncode == 1
    assert "chapters/missing" in result.stderr


def test_unknown_edition_is_refused(build):
    result = build(GOOD, ACTGRAD_EDITION="teacher")
    assert result.returncode == 2
    assert "student, instructor" in result.stderr


def test_missing_network_is_named(little_book, build):
    (little_book / "_ext" / "assets" / "node_modules").unlink(missing_ok=True)
    unreachable = {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(little_book / "cache"),
    }
    result = build(GOOD, **unreachable)
    assert result.returncode == 1
    assert "check the network" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (little_book / "_build" / "html").exists()


def test_second_build_executes_nothing_and_an_edit_executes_again(little_book, build):
    def executed() -> bool:
        log = little_book / "_build" / "work" / "student" / "build.log"
        return "Executed notebook" in log.read_text()

    package = little_book / "actgrad"
    package.mkdir()
    (package / "part.py").write_text("a = 1\n")
    assert build(GOOD).returncode == 0
    assert executed()
    assert build(GOOD).returncode == 0
    assert not executed()
    (package / "part.py").write_text("a = 2\n")
    assert build(GOOD).returncode == 0
    assert executed()


@pytest.mark.parametrize("named", [True, False])
def test_old_or_missing_python_is_named(tmp_path, named):
    fake = tmp_path / "python3"
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.1"\nexit 1\n')
    fake.chmod(0o755)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python"):
        (tools / name).symlink_to(fake)
    result = subprocess.run(
        [
            "/bin/sh",
            str(ROOT / "_ext" / "create_environment.sh"),
            str(tmp_path / "venv"),
            *[str(fake) if named else ""],
        ],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "3.8.1" in result.stderr
    assert not (tmp_path / "venv").exists()


def test_setup_without_network_is_named(tmp_path):
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for path in ROOT.glob("requirements*.txt"):
        shutil.copy(path, tmp_path)
    shutil.copytree(ROOT / "_ext", tmp_path / "_ext", ignore=lambda *_: ["assets"])
    offline = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    result = subprocess.run(
        ["make", "book", f"PYTHON={sys.executable}"],
        cwd=tmp_path,
        env={**os.environ, **offline, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert result.returncode != 0
    assert "check the network" in result.stderr
    assert not (tmp_path / ".venv" / ".book").exists()
    assert not (tmp_path / "_build").exists()
