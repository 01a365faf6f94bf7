"""What the proof editor opens of a derive exercise: a start that equals the solution."""

import json
from dataclasses import fields

import pytest

from actgrad.derivations import Task
from actgrad.exercises import EXERCISES, Derive
from tests.catalogue import BY_HAND, slow

DERIVE = [item for item in EXERCISES.values() if isinstance(item, Derive)]
EACH = [pytest.param(item, id=item.id, marks=slow(item)) for item in DERIVE]


@pytest.mark.parametrize("exercise", EACH)
def test_the_start_leads_to_the_solution_and_to_no_mistake(exercise):
    task = Task.from_dict(json.loads(json.dumps(exercise.task)))
    for answer in (exercise.solution, *exercise.alternatives):
        found = task.check(task.start, answer)
        # In y, a formula that was made can be more than the prover decides; test_atlas.py does.
        assert found or (exercise not in BY_HAND and found.status == "undecided")
    # A formula that was made, and not written, need not be tidy.
    assert exercise not in BY_HAND or task.reached(exercise.solution)
    assert not task.reached(task.start)
    for mistake in exercise.mistakes:
        assert task.check(task.start, mistake.wrong).status == "wrong"


@pytest.mark.parametrize("exercise", EACH)
def test_the_first_hint_is_a_rule_whose_line_is_right(exercise):
    task = Task.from_dict(exercise.task)
    hint = task.hint(task.start)
    assert hint.rule is not None
    assert task.check(task.start, hint.line)


def test_every_derive_exercise_has_a_task_that_holds_no_solution():
    assert DERIVE
    for exercise in DERIVE:
        assert exercise.task.keys() <= {field.name for field in fields(Task)} - {"goal"}
        assert Task.from_dict(exercise.task).goal == ""


def test_letters_that_may_not_stand_in_an_answer_may_not_stand_in_the_last_line():
    task = Task.from_dict(EXERCISES["tanh-through-sigmoid"].task)
    assert task.reached("4*s*(1 - s)")
    assert "x still stands in it" in repr(task.reached("4*sigma(2*x)*(1 - s)"))
