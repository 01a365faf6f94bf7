"""The exact proof of an answer, for every right form in the catalogue."""

import pytest

from actgrad.exercises import check
from actgrad.exercises._symbolic import is_proved
from tests.catalogue import BY_HAND

DERIVE = [item for item in BY_HAND if item.kind == "derive"]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        pytest.param(item, answer, id=f"{item.id}-{number}")
        for item in DERIVE
        for number, answer in enumerate((item.solution, *item.alternatives))
    ],
)
def test_every_right_form_is_proved(exercise, answer):
    assert is_proved(exercise, answer)
    assert "SymPy proves it" in check(exercise.id, answer).message


@pytest.mark.parametrize("exercise", DERIVE, ids=lambda item: item.id)
def test_no_mistake_and_no_neighbour_is_proved(exercise):
    for mistake in exercise.mistakes:
        assert not is_proved(exercise, mistake.wrong)
    # A difference that no comparison of values sees.
    assert not is_proved(exercise, f"({exercise.solution}) + 1e-30")


@pytest.mark.parametrize("answer", ["1/0", "0/0", "log(0)*0", "9^9^9^9", "exp(exp(exp(9^9)))"])
def test_odd_answers_are_not_proved(answer):
    assert not check("affine-slope", answer)
    assert check("affine-slope", f"a^2 + 0*min(1, {answer})").status in ("right", "wrong")
