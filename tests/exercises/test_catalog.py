"""Every exercise, four ways: starter, known mistakes, alternatives, solution."""

import ast
import re

import numpy as np
import pytest

from actgrad.exercises import CHAPTERS, EXERCISES, catalog, check
from actgrad.exercises._exercise import ExpressionExercise, FunctionExercise
from tests.catalogue import BY_HAND, EVERY, FOLLOWING, TRIED, slow

ALL = list(TRIED.values())
FUNCTIONS = [item for item in ALL if isinstance(item, FunctionExercise)]
EXPRESSIONS = [item for item in ALL if isinstance(item, ExpressionExercise)]


def by_id(exercise):
    return exercise.id


def pairs(what):
    return [
        pytest.param(
            item, entry, id=f"{item.id}-{getattr(entry, 'id', number)}", marks=slow(item)
        )
        for item in EXERCISES.values()
        for number, entry in enumerate(what(item))
    ]


def handed_in(exercise, text):
    """Run the text as a student's file and take the answer from it."""
    namespace = {}
    exec(exercise.submission(text), namespace)
    return namespace[exercise.name]


@pytest.mark.parametrize("exercise", EVERY)
def test_starter_is_not_attempted(exercise):
    namespace = {}
    exec(exercise.starter_text, namespace)
    verdict = check(exercise.id, namespace[exercise.name])
    assert verdict.status == "not attempted", verdict


@pytest.mark.parametrize("exercise", EVERY)
def test_solution_is_right(exercise):
    verdict = check(exercise.id, handed_in(exercise, exercise.solution))
    assert verdict.status == "right", verdict


@pytest.mark.parametrize(("exercise", "answer"), pairs(lambda item: item.alternatives))
def test_alternative_is_right(exercise, answer):
    verdict = check(exercise.id, handed_in(exercise, answer))
    assert verdict.status == "right", verdict


@pytest.mark.parametrize(("exercise", "mistake"), pairs(lambda item: item.mistakes))
def test_mistake_gets_its_own_message(exercise, mistake):
    verdict = check(exercise.id, handed_in(exercise, mistake.wrong))
    assert verdict.status == "wrong", verdict
    assert verdict.mistake == mistake.id, verdict
    assert mistake.says in verdict.message


@pytest.mark.parametrize("exercise", EVERY)
def test_data_is_complete(exercise):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", exercise.id)
    assert len(exercise.mistakes) >= 3
    assert len({mistake.id for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert len({mistake.says for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert len(exercise.hints) >= 2
    assert exercise.alternatives or exercise in FOLLOWING
    assert exercise.points >= 1
    assert exercise.level in ("warm-up", "core", "hard")
    assert 1 <= exercise.minutes <= 60
    assert exercise.statement.count("$") % 2 == 0
    ast.parse(exercise.starter_text)
    ast.parse(exercise.submission(exercise.solution))


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_id)
def test_inputs_depend_on_the_seed_and_only_on_it(exercise):
    def flat(seed):
        return [
            np.asarray(value)
            for part in exercise.parts
            for case in part.draw(np.random.default_rng(seed))
            for value in case
        ]

    same = zip(flat(1), flat(1), strict=True)
    other = zip(flat(1), flat(2), strict=True)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in same)
    assert not all(np.array_equal(a, b, equal_nan=True) for a, b in other)


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_id)
def test_a_shape_error_is_told_apart(exercise):
    verdict = check(exercise.id, lambda *arguments: np.zeros((7, 5, 3, 2)))
    assert verdict.status == "wrong"
    assert "shape" in verdict.message or "results" in verdict.message


@pytest.mark.parametrize("exercise", EVERY)
def test_no_text_for_students_holds_the_solution(exercise):
    squeezed = re.sub(r"\s", "", exercise.solution)
    said = [exercise.starter_text, exercise.title, *exercise.hints]
    said += [mistake.says for mistake in exercise.mistakes]
    if exercise in BY_HAND:  # there the statement is the formula, with its numbers
        said.append(exercise.statement)
    if squeezed.replace(".", "").isdigit():
        # A number may occur by chance in other numbers; as an answer it may not.
        assert not any(
            re.search(rf"(?<![\d.]){re.escape(squeezed)}(?![\d.])", text) for text in said
        )
    else:
        assert not any(squeezed in re.sub(r"\s", "", text) for text in said)


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
