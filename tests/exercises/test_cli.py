"""The list of exercises on the command line."""

import pytest

from actgrad.__main__ import main
from actgrad.exercises import CHAPTERS, EXERCISES


def test_the_list_names_every_exercise(capsys):
    assert main(["exercises"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {id} " in out for id in EXERCISES)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_one_chapter_only(chapter, capsys):
    assert main(["exercises", "--chapter", chapter]) == 0
    out = capsys.readouterr().out
    listed = [line.split()[0] for line in out.splitlines() if line.startswith("  ")]
    assert listed == [item.id for item in CHAPTERS[chapter]]


def test_an_unknown_chapter_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["exercises", "--chapter", "no-such"])
    assert stop.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
