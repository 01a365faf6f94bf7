"""Every command on the pages for instructors is one that the program takes."""

import importlib
import re
import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import get_args

import pytest

from actgrad.__main__ import COMMANDS
from actgrad.exercises.grading._inputs import SecretError, read_secret
from actgrad.exercises.grading._judge import Status

ROOT = Path(__file__).parents[1]
PAGES = ("instructors", "own-exercises")
PAGE = "\n".join((ROOT / "chapters" / f"{name}.md").read_text("utf-8") for name in PAGES)
LINES = re.findall(r"(?m)^\$ (.+)$", re.sub(r"\\\n\s*", "", PAGE))
PATHS = (
    *("assignment", "collect", "grade", "gradebook", "marking", "report", "validate"),
    *("--secret-file", "--out", "--assignment", "--roster", "--submitted", "--overrides"),
)
OURS = [line for line in LINES if line.startswith("python -m actgrad ")]


def parse(line: str) -> None:
    command, *arguments = shlex.split(line)[3:]
    parser = ArgumentParser(command, exit_on_error=True)
    importlib.import_module(COMMANDS[command][0]).configure(parser)
    parser.parse_args(arguments)


def test_the_page_shows_all_commands_that_instructors_need() -> None:
    ours = {name for name, (module, _) in COMMANDS.items() if "exercises.cli" in module}
    assert {shlex.split(line)[3] for line in OURS} == ours
    assert len(OURS) >= 7


@pytest.mark.parametrize("line", OURS)
def test_command_is_real(line: str) -> None:
    parse(line)


@pytest.mark.parametrize("line", ["python -m actgrad grade a --no-such-option"])
def test_a_wrong_command_is_found(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(line)
    assert "usage" in capsys.readouterr().err


def test_every_status_is_explained() -> None:
    union = get_args(Status)
    statuses = {word for part in union for word in (get_args(part) or (part,))}
    assert len(statuses) >= 11
    table = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert set(re.findall("`([^`]+)`", "".join(table))) == statuses


def test_the_secret_is_made_as_the_grader_advises(tmp_path: Path) -> None:
    with pytest.raises(SecretError) as error:
        read_secret(tmp_path / "nothing")
    advice = re.findall("`(python [^`]+)`", str(error.value))
    assert len(advice) == 1
    assert advice[0].replace(" > ", " > ../class/") in LINES
    assert set(re.findall(r"secret\.\w+", PAGE)) == {"secret.txt"}


def test_secret_and_marks_stay_out_of_version_control() -> None:
    for line in OURS:
        words = shlex.split(line)
        paths = [words[at + 1] for at, word in enumerate(words) if word in PATHS]
        assert all(path.startswith("../class/") for path in paths), line


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = {line.split()[1] for line in LINES if line.startswith("make ")}
    assert named == {"book", "instructor-book"}
    for name in named:
        assert re.search(rf"(?m)^{name}:", makefile)
