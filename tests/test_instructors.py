"""Every command on the page for instructors is one that the program takes."""

import importlib
import re
import shlex
from argparse import ArgumentParser
from pathlib import Path

import pytest

from actgrad.__main__ import COMMANDS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "chapters" / "instructors.md").read_text("utf-8")
LINES = re.findall(r"(?m)^\$ (.+)$", re.sub(r"\\\n\s*", "", PAGE))
OURS = [line for line in LINES if line.startswith("python -m actgrad ")]


def parse(line: str) -> None:
    command, *arguments = shlex.split(line)[3:]
    parser = ArgumentParser(command, exit_on_error=True)
    importlib.import_module(COMMANDS[command][0]).configure(parser)
    parser.parse_args(arguments)


def test_the_page_shows_all_commands_that_instructors_need() -> None:
    assert {shlex.split(line)[3] for line in OURS} >= {"exercises", "grade", "export"}
    assert len(OURS) >= 7


@pytest.mark.parametrize("line", OURS)
def test_command_is_real(line: str) -> None:
    parse(line)


@pytest.mark.parametrize("line", ["python -m actgrad grade a --no-such-option"])
def test_a_wrong_command_is_found(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(line)
    assert "usage" in capsys.readouterr().err


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = {line.split()[1] for line in LINES if line.startswith("make ")}
    assert named == {"book", "instructor-book"}
    for name in named:
        assert re.search(rf"(?m)^{name}:", makefile)
