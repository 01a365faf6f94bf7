"""Practice: what it says, that it never raises, that it keeps the answer to itself."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stdout

import numpy as np
import pytest

from actgrad.exercises import EXERCISES, Verdict, check, hint
from actgrad.exercises._exercise import ExpressionExercise, FunctionExercise
from tests.catalogue import TRIED


def cancelling(x):
    y = 1 / (1 + np.exp(-x))
    return y * (1 - y)


def test_a_mistake_is_named_and_the_smallest_failing_input_shown():
    verdict = check("sigmoid-gradient", lambda x: 1 / (1 + np.exp(-x)))
    assert verdict.mistake == "sigmoid-itself"
    assert "`x = [0.]`" in verdict.message
    assert "Got `[0.5]`; expected `[0.25]`" in verdict.message


def test_the_tail_alone_fails_with_its_own_reason():
    verdict = check("sigmoid-gradient", cancelling)
    assert verdict.mistake == "cancellation"
    assert "`x = [40.]`" in verdict.message
    assert "4.248" in verdict.message


def test_a_failing_array_is_cut_to_one_element():
    def wrong_away_from_zero(x):
        slope = 0.25 / np.cosh(x / 2) ** 2
        return np.where(np.abs(x) > 0.5, 0.1, slope)

    verdict = check("sigmoid-gradient", wrong_away_from_zero)
    assert verdict.mistake is None
    assert re.search(r"`x = \[-?\d+\.\d+\]`", verdict.message)


@pytest.mark.parametrize("answer", ["y - y**2", "0", "y*(1-y)*(1-2*y) + 1e-4"])
def test_a_wrong_expression_shows_one_point_and_never_the_formula(answer):
    verdict = check("sigmoid-second-derivative", answer)
    assert verdict.status == "wrong"
    assert re.search(r"At x = .*, y = .* it gives .*; expected", verdict.message)
    assert EXERCISES["sigmoid-second-derivative"].solution not in repr(verdict)


def test_a_wrong_number_never_shows_the_right_one():
    for exercise in TRIED.values():
        if exercise.kind == "predict":
            right = float(exercise.values(exercise.solution, {})[0])
            message = check(exercise.id, -8686.8686).message
            assert f"{right:.2g}" not in message.replace("-8686.87", "")


class Explosive:
    """Raises wherever it is touched."""

    def __call__(self, *arguments):
        raise RuntimeError("boom")

    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __float__ = __array__ = __eq__ = __bool__ = __iter__ = __repr__
    __hash__ = None


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no message")


def leaves(*arguments):
    sys.exit(3)


def unspeakable(*arguments):
    raise Unspeakable


def recurses(*arguments):
    return recurses(*arguments)


def not_implemented(*arguments):
    raise NotImplementedError


ODD = [
    None,
    ...,
    3,
    "text",
    "x" * 10_000,
    b"bytes",
    [1, 2],
    object(),
    Explosive(),
    Explosive,
    sys.exit,
    leaves,
    unspeakable,
    recurses,
    not_implemented,
    lambda: 1,
    lambda *a: None,
    lambda *a: "text",
    lambda *a: [1, [2, 3]],
    lambda *a: 1j * np.ones(3),
    lambda *a: np.array([None]),
    lambda *a: Explosive(),
    lambda *a: {"a": 1},
    lambda *a: (x for x in a),
    lambda *a: np.full((2,), np.nan),
    lambda *a: a[0].fill(0),
]


@pytest.mark.parametrize("id", TRIED)
def test_check_never_raises_and_never_calls_it_right(id):
    for answer in ODD:
        verdict = check(id, answer)
        assert isinstance(verdict, Verdict)
        assert verdict.status in ("wrong", "not attempted")
        assert "not a grade" in repr(verdict)
        assert "not a grade" in verdict._repr_markdown_()


@pytest.mark.parametrize("id", [None, 3, "", "sigmoid", "sigmoid-gradeint", ["a"]])
def test_an_unknown_exercise_is_one_clear_message(id):
    verdict = check(id, None)
    assert verdict.status == "unknown"
    assert "there is no exercise" in verdict.message
    assert "no exercise" in repr(hint(id))


def test_a_typing_error_in_the_id_is_answered_with_the_nearest():
    assert "`sigmoid-gradient`" in check("sigmoid-gradeint", None).message


def test_the_line_of_an_error_in_the_answer_is_told():
    namespace = {}
    exec(compile("def f(x):\n    y = x\n    return y / 'a'\n", "cell", "exec"), namespace)
    message = check("sigmoid-gradient", namespace["f"]).message
    assert "line 3 of your code" in message


def test_the_answer_cannot_spoil_later_checks_by_writing_into_its_input():
    def writes(x):
        x[...] = 0
        return x

    assert not check("sigmoid-gradient", writes)
    assert check("sigmoid-gradient", lambda x: 0.25 / np.cosh(x / 2) ** 2)


def test_overflow_warnings_do_not_matter():
    assert check("sigmoid-gradient", lambda x: 1 / (2 + np.exp(x) + np.exp(-x)))


def test_hints_come_one_at_a_time_and_end():
    total = len(EXERCISES["sigmoid-gradient"].hints)
    seen = [repr(hint("sigmoid-gradient")) for _ in range(total + 2)]
    assert [text[:6] for text in seen[:total]] == [f"Hint {n}" for n in range(1, total + 1)]
    assert "last" in seen[total]
    assert seen[total + 1] == seen[0]


def test_nothing_is_printed():
    with redirect_stdout(io.StringIO()) as out:
        check("sigmoid-gradient", cancelling)
        hint("sigmoid-second-derivative")
    assert out.getvalue() == ""


def test_practice_loads_neither_sympy_nor_the_grader():
    code = (
        "import sys; from actgrad.exercises import check; "
        "check('sigmoid-gradient', lambda x: x); check('sigmoid-second-derivative', 'y'); "
        "bad = {'sympy', 'scipy', 'anywidget', 'matplotlib'} & set(sys.modules); "
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_both_families_are_there():
    families = (ExpressionExercise, FunctionExercise)
    assert all(isinstance(item, families) for item in EXERCISES.values())
    assert all(any(isinstance(item, one) for item in EXERCISES.values()) for one in families)
