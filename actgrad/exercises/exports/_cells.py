"""What an exercise becomes in somebody else's grader: a text, an answer cell, test cells.

The tests hold inputs and expected values as numbers, so the graded notebook needs NumPy alone.
Expressions are read by a copy of the answer language that lies beside the notebook.
"""

import hashlib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from actgrad.atlas import _evaluate, _language, _table
from actgrad.exercises import _values
from actgrad.exercises._exercise import (
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Part,
)

LANGUAGE = "answer_language.py"
# How many cases of each part, or points, of an exercise students may see.
SHOWN_CASES = 3
SHOWN_POINTS = 5
_OWN_IMPORT = re.compile(r"^from actgrad\S+ import (?:\([^)]*\)|.*)\n", re.M)

_FUNCTION_TEST = """\
from numpy import abs, all, array, asarray, errstate, inf, isinf, isnan, maximum, nan, where
# Each case: the arguments, the lowest and the highest right result.
cases = {cases}
for arguments, low, high in cases:
    with errstate(all="ignore"):
        got = {name}(*arguments)
    got = got if isinstance(got, tuple) else (got,)
    assert len(got) == len(low), "wrong number of results"
    for value, bottom, top in zip(got, low, high):
        value = asarray(value, dtype=float)
        assert value.shape == bottom.shape, f"shape {{value.shape}}, expected {{bottom.shape}}"
        size = {atol!r} + {rtol!r} * maximum(abs(bottom), abs(top))
        size = where(isinf(size), 0.0, size)
        assert all((value >= bottom - size) & (value <= top + size)), "wrong values"
"""

_EXPRESSION_TEST = """\
from numpy import abs, all, array
from {module} import float64, read
points = {points}
expected = {expected}
assert str({name} or "").strip(), "not attempted"
lines = [line for line in str({name}).splitlines() if line.strip()]
got = float64(read(lines[-1].strip().removeprefix("="), {letters!r}, others={others!r}), points)
assert all(abs(got - expected) <= {atol!r} + {rtol!r} * abs(expected)), "not equal"
"""


def language() -> bytes:
    """Return the answer language as a file: it needs NumPy and nothing of this package."""
    modules = (_table, _language, _evaluate, _values)
    text = "\n\n".join(map(inspect.getsource, modules))
    return _OWN_IMPORT.sub("", text).encode()


def statement(exercise: Exercise) -> str:
    """Return the text of an exercise as Markdown for a notebook."""
    hints = "\n".join(
        f"<details><summary>Hint {number}</summary>\n\n{text}\n\n</details>\n"
        for number, text in enumerate(exercise.hints, 1)
    )
    return f"## {exercise.title}\n\n{exercise.statement.strip()}\n\n{hints}"


def tests(exercise: Exercise, seed: str) -> Iterator[tuple[int, str]]:
    """Yield points and code of each test; the inputs are drawn from ``seed``."""
    if isinstance(exercise, FunctionExercise):
        for part in exercise.parts:
            yield part.points, _function_test(exercise, part, seed)
    else:
        assert isinstance(exercise, ExpressionExercise)
        yield exercise.points, _expression_test(exercise, seed)


def shown(exercise: Exercise) -> Iterator[str]:
    """Yield, for each of `tests`, a small one that students see, or nothing.

    Its inputs are the same for everybody and no secret. A number to predict has none, as the
    test would show it.
    """
    rng = np.random.default_rng(exercise.seed("visible"))
    if isinstance(exercise, FunctionExercise):
        for part in exercise.parts:
            yield _function_code(exercise, part, part.draw(rng)[:SHOWN_CASES])
    else:
        assert isinstance(exercise, ExpressionExercise)
        points = exercise.points_at(rng, SHOWN_POINTS)
        yield _expression_code(exercise, points) if exercise.letters else ""


def _generator(*words: str) -> np.random.Generator:
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _function_test(exercise: FunctionExercise, part: Part, seed: str) -> str:
    return _function_code(exercise, part, part.draw(_generator(seed, exercise.id, part.name)))


def _function_code(
    exercise: FunctionExercise, part: Part, inputs: Sequence[tuple[Any, ...]]
) -> str:
    cases = []
    for arguments in inputs:
        low, high = exercise.expected(arguments)
        cases.append(f"({literals(arguments)}, {literals(low, True)}, {literals(high, True)}),")
    return _FUNCTION_TEST.format(
        cases="[\n    " + "\n    ".join(cases) + "\n]",
        name=exercise.name,
        atol=part.atol,
        rtol=part.rtol,
    )


def _expression_test(exercise: ExpressionExercise, seed: str) -> str:
    return _expression_code(exercise, exercise.points_at(_generator(seed, exercise.id), 20))


def _expression_code(exercise: ExpressionExercise, values: Mapping[str, Any]) -> str:
    points = ", ".join(f"{letter!r}: {_literal(value)}" for letter, value in values.items())
    return _EXPRESSION_TEST.format(
        module=LANGUAGE.removesuffix(".py"),
        points=f"{{{points}}}",
        expected=_literal(exercise.values(exercise.solution, values)),
        name=exercise.name,
        letters=exercise.letters,
        others=exercise.others,
        atol=exercise.atol,
        rtol=exercise.rtol,
    )


def literals(items: tuple[Any, ...], arrays: bool = False) -> str:
    """Write a tuple so that Python reads the same bits back."""
    return f"({', '.join(_literal(np.asarray(x, float) if arrays else x) for x in items)},)"


def _literal(value: Any) -> str:
    """Write a number or an array so that Python reads the same bits back."""
    if isinstance(value, np.ndarray):
        return f"array({value.tolist()!r})"
    return repr(value)
