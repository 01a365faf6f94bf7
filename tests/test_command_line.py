"""The command line as a whole: the version, pipes that close, extras that are missing."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import actgrad
from actgrad import __main__ as entry

ROOT = Path(__file__).parents[1]
SAYS_SOMETHING = [
    ["--help"],
    ["--version"],
    *([command, "--help"] for command in entry.COMMANDS),
    ["exercises"],
    ["derive", "x^2"],
    ["verify", "no-such-derivation"],
    ["grade", "nowhere", "--secret-file", "nothing", "--out", "grades.csv"],
    ["export", "otter", "--out", "folder", "--secret-file", "nothing"],
]


@pytest.mark.parametrize("arguments", SAYS_SOMETHING, ids=" ".join)
def test_a_reader_who_leaves_meets_no_traceback(arguments, tmp_path):
    # Both streams in one pipe, as `2>&1 | head` has it, and its reader is gone already.
    reading, writing = os.pipe()
    os.close(reading)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    with os.fdopen(writing, "wb") as pipe:
        process = subprocess.run(
            [sys.executable, "-m", "actgrad", *arguments],
            stdout=pipe,
            stderr=pipe,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
    # 1 is Python's for an exception that nobody caught, 120 for one while it shuts down.
    assert process.returncode == entry.BROKEN_PIPE


def test_the_version(capsys):
    with pytest.raises(SystemExit) as end:
        entry.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"actgrad {actgrad.__version__}\n"


def test_the_console_command_is_the_command_line():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == actgrad.__version__
    command = EntryPoint("actgrad", project["scripts"]["actgrad"], "console_scripts")
    assert command.load() is entry.main


@pytest.mark.parametrize(
    ("missing", "statement"),
    [
        ("anywidget", "from actgrad.explorers import ActivationExplorer"),
        ("matplotlib", "from actgrad.explorers import explore"),
        ("matplotlib", "import actgrad.notebook"),
    ],
)
def test_a_missing_extra_is_named(missing, statement):
    code = f"import sys; sys.modules[{missing!r}] = None; {statement}"
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert process.returncode == 1
    last = process.stderr.splitlines()[-1]
    assert f"{missing} is not installed; `pip install 'actgrad[explorers]'` brings it" in last
