"""Every exercise, four ways: starter, known mistakes, alternatives, solution."""

import re
from pathlib import Path

import pytest

from actgrad.exercises import CHAPTERS, EXERCISES, catalog, check
from actgrad.exercises._exercise import FindTheBug, FunctionExercise, Predict
from actgrad.exercises._practice import check_answer
from actgrad.exercises._validate import CHECKS, handed_in
from tests.catalogue import EVERY, FOLLOWING, TRIED

ALL = list(TRIED.values())


def by_id(exercise):
    return exercise.id


def is_agreed(exercise, fault):
    """What need not hold for exercises that follow from records: their statement is the
    formula, with its numbers, and the derivation has one form."""
    statement = repr(exercise.statement.strip()[:60])
    return exercise in FOLLOWING and (statement in fault or "there is no alternative" in fault)


@pytest.mark.parametrize("exercise", EVERY)
@pytest.mark.parametrize("holds", CHECKS, ids=lambda check: check.__name__)
def test_what_is_asked_of_everybodys_exercises_holds_for_ours(holds, exercise):
    assert [fault for fault in holds(exercise) if not is_agreed(exercise, fault)] == []


@pytest.mark.parametrize("exercise", ALL, ids=by_id)
def test_check_asks_the_catalogue(exercise):
    answer = handed_in(exercise, exercise.mistakes[0].wrong)
    assert check(exercise.id, answer) == check_answer(exercise, answer)


# One line each, wrong for the one and right for the other: no work is saved by the copy.
OVERLAPS = {
    ("softmax-diagonal-bug", "sigmoid-backward-bug"): "g * y * (1 - y), element by element",
    ("softmax-batch-bug", "softmax-diagonal-bug"): "the same gradient, for one row",
    ("tanh-exponential-bug", "linear-gradient-bug"): "a constant 1, by overflow or by design",
}


@pytest.mark.parametrize("exercise", ALL, ids=by_id)
def test_what_students_are_given_solves_no_other_exercise(exercise):
    namespace = {}
    exec(exercise.starter_text, namespace)
    given = [item for name, item in namespace.items() if callable(item) and name != "np"]
    given += re.findall("`([^`]+)`", exercise.statement)
    solved = {
        (exercise.id, other.id)
        for other in ALL
        for answer in given
        if other is not exercise
        if callable(answer) == isinstance(other, FunctionExercise)
        if check(other.id, answer).status == "right"
    }
    assert solved == {pair for pair in OVERLAPS if pair[0] == exercise.id}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_has_exercises_of_its_own(chapter):
    assert len(CHAPTERS[chapter]) >= 3
    assert all(item.chapter == chapter for item in CHAPTERS[chapter])


def test_a_second_exercise_of_one_id_is_an_error():
    assert catalog.by_id(CHAPTERS) == EXERCISES
    twice = {"sigmoid": CHAPTERS["sigmoid"], "tanh": CHAPTERS["sigmoid"][:1]}
    with pytest.raises(ValueError, match="two exercises have the id 'sigmoid-gradient'"):
        catalog.by_id(twice)


CHAPTER_TEXTS = Path(__file__).parents[2] / "chapters"
LONG = 7  # words that stand in a row in two texts by copying, hardly by chance


def runs(text):
    """Return every few words in a row, formulas left out."""
    words = re.findall(r"[a-z']+", re.sub(r"\$[^$]*\$", " ", text).lower())
    return {tuple(words[at : at + LONG]) for at in range(len(words) - LONG + 1)}


@pytest.mark.parametrize("chapter", sorted({*CHAPTERS} - {"atlas"}))
def test_no_exercise_copies_a_sentence_of_its_page(chapter):
    page = runs((CHAPTER_TEXTS / f"{chapter}.md").read_text(encoding="utf-8"))
    assert len(page) > 500
    for item in CHAPTERS[chapter]:
        said = (item.title, item.statement, item.learnt, *item.hints)
        for text in (*said, *(mistake.says for mistake in item.mistakes)):
            assert not runs(text) & page, (item.id, runs(text) & page)


@pytest.mark.parametrize("chapter", sorted({*CHAPTERS} - {"atlas"}))
def test_no_page_states_the_number_that_is_to_be_predicted(chapter):
    page = (CHAPTER_TEXTS / f"{chapter}.md").read_text(encoding="utf-8")
    numbers = {float(found) for found in re.findall(r"(?<![\w.])\d+\.\d{2,}(?![\w.])", page)}
    for item in CHAPTERS[chapter]:
        if isinstance(item, Predict):
            right = abs(float(item.values(item.solution, {})[0]))
            assert not [n for n in numbers if n == pytest.approx(right, rel=1e-3)], item.id


def test_a_title_does_not_name_the_bug():
    def words(*texts):
        return set(re.findall(r"[a-z]{5,}", " ".join(texts).lower()))

    for item in EXERCISES.values():
        if isinstance(item, FindTheBug):
            told = words(*item.hints, *(mistake.says for mistake in item.mistakes))
            assert not (words(item.title) & told) - words(item.statement), item.id
