"""What a chapter shows of an exercise, in the two editions."""

import re

import pytest

from actgrad.exercises import EXERCISES, exercise
from actgrad.exercises._imports import rule
from tests.catalogue import TRIED


@pytest.fixture(params=TRIED)
def id(request):
    return request.param


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_student_edition_shows_everything_but_the_solution(id, monkeypatch):
    monkeypatch.delenv("ACTGRAD_EDITION", raising=False)
    item = EXERCISES[id]
    text = exercise(id)._repr_markdown_()
    assert item.title in text
    assert item.statement.strip() in text
    assert item.learnt not in text  # a right answer is told
    if item.kind in ("implement", "find-the-bug"):
        assert item.starter_text.rstrip() in text
        assert rule() in text
    assert all(hint in text for hint in item.hints)
    assert text.count("<details>") == text.count("</details>") == len(item.hints)
    assert "Solution" not in text
    if item.kind in ("implement", "find-the-bug"):
        assert squeezed(item.solution) not in squeezed(text)
        assert not any(mistake.says in text for mistake in item.mistakes)


def test_instructor_edition_shows_the_solution(id, monkeypatch):
    monkeypatch.setenv("ACTGRAD_EDITION", "instructor")
    item = EXERCISES[id]
    text = exercise(id)._repr_markdown_()
    assert item.submission(item.solution).rstrip() in text
    assert item.learnt in text
    assert all(mistake.says in text for mistake in item.mistakes)


@pytest.mark.parametrize("edition", ["", "student", "Instructor", "1"])
def test_only_the_exact_word_opens_the_solution(edition, monkeypatch):
    monkeypatch.setenv("ACTGRAD_EDITION", edition)
    assert "Solution" not in repr(exercise("sigmoid-gradient"))


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(KeyError, match="sigmoid-gradient"):
        exercise("sigmoid-gradeint")
