"""Compare values with what was expected: numbers, shapes, kinks, known mistakes.

Everything here works on values alone. The practice check and the grader share it, so practice
never calls right what the grade calls wrong.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from actgrad.exercises._exercise import (
    Arguments,
    Array,
    ExpressionExercise,
    FunctionExercise,
    Mistake,
    Part,
)

Outputs = tuple[Array, ...] | None


@dataclass(frozen=True)
class Fault:
    """Why an output is not right: a ``kind`` to act on, a ``reason`` to show."""

    kind: Literal["missing", "type", "shape", "nan", "value"]
    reason: str


def as_outputs(result: Any) -> tuple[Array, ...]:
    """Turn what a function returned into a tuple of real arrays.

    Raises
    ------
    TypeError
        Where it holds something that is not a real number, or rows of unequal length.
    """
    # A tuple is several results; a list is one array, as everywhere in NumPy.
    parts = result if isinstance(result, tuple) else (result,)
    arrays = []
    for part in parts:
        try:
            array = np.array(part, subok=False)
        except ValueError as error:
            raise TypeError(
                "the result does not form an array: its rows differ in length"
            ) from error
        if array.dtype.kind not in "biuf":
            raise TypeError(f"the result has dtype {array.dtype}; it must be real numbers")
        arrays.append(array)
    return tuple(arrays)


def fault(
    got: Outputs, low: Arguments, high: Arguments, rtol: float, atol: float
) -> Fault | None:
    """Compare outputs with the lowest and highest right ones; None means right."""
    if got is None:
        return Fault("missing", "the function returned `None`: is there a `return`?")
    if len(got) != len(low):
        wanted = "one array" if len(low) == 1 else f"a tuple of {len(low)} arrays"
        return Fault("shape", f"{len(got)} results came back; return {wanted}")
    for index, (value, bottom, top) in enumerate(zip(got, low, high, strict=True)):
        which = f"result {index + 1}: " if len(got) > 1 else ""
        bottom, top = np.asarray(bottom, dtype=float), np.asarray(top, dtype=float)
        if value.shape != bottom.shape:
            return Fault(
                "shape", f"{which}the shape is {value.shape}; it must be {bottom.shape}"
            )
        number = value.astype(float)
        if np.any(np.isnan(number) & ~np.isnan(bottom)):
            return Fault("nan", f"{which}there is a `nan` where the answer is a number")
        if not np.all(_within(number, bottom, top, rtol, atol)):
            return Fault("value", f"{which}the values differ")
    return None


def _within(value: Array, low: Array, high: Array, rtol: float, atol: float) -> Array:
    with np.errstate(all="ignore"):
        tolerance = atol + rtol * np.maximum(np.abs(low), np.abs(high))
        # inf - inf is nan: the infinities are compared by the equalities alone.
        tolerance = np.where(np.isfinite(tolerance), tolerance, 0.0)
        inside = (value >= low - tolerance) & (value <= high + tolerance)
    both_nan = np.isnan(value) & np.isnan(low)
    return np.asarray(inside | both_nan)


def same(left: Outputs, right: Outputs, rtol: float, atol: float) -> bool:
    """Whether two outputs are the same values, nan and infinities included."""
    if left is None or right is None:
        return left is right
    return fault(left, right, right, rtol, atol) is None


def run_text(exercise: FunctionExercise, text: str, arguments: Arguments) -> Outputs:
    """Run a text of the catalogue; None where it raises or returns nothing."""
    try:
        with np.errstate(all="ignore"):
            result = exercise.function(text)(*copied(arguments))
            return None if result is None else as_outputs(result)
    except Exception:
        return None


def copied(arguments: Arguments) -> Arguments:
    """Copy the arguments, so that a function that writes into its input harms nobody."""
    return tuple(item.copy() if isinstance(item, np.ndarray) else item for item in arguments)


Cases = Sequence[tuple[Arguments, Outputs]]


def recognise(
    exercise: FunctionExercise, results: Sequence[tuple[Part, Cases]]
) -> Mistake | None:
    """Find the known mistake whose values were returned.

    Parameters
    ----------
    exercise : FunctionExercise
    results : sequence of (Part, cases)
        What came back, part by part; the first failing part first.

    Returns
    -------
    Mistake or None
        The mistake that agrees everywhere, else one that agrees in the first failing part.
    """
    for parts in (results, results[:1]):
        for mistake in exercise.mistakes:
            if all(_alike(exercise, mistake.wrong, part, cases) for part, cases in parts):
                return mistake
    return None


def is_starter(exercise: FunctionExercise, results: Sequence[tuple[Part, Cases]]) -> bool:
    """Whether the values are those of the unchanged starter, in every part."""
    return all(_alike(exercise, exercise.starter, part, cases) for part, cases in results)


def _alike(exercise: FunctionExercise, text: str, part: Part, cases: Cases) -> bool:
    return all(
        got is not None and same(got, run_text(exercise, text, arguments), part.rtol, part.atol)
        for arguments, got in cases
    )


def answer_text(answer: Any) -> str:
    """Return the text of an answer to a derive or predict exercise.

    Raises
    ------
    TypeError
        Where the answer is neither text nor one real number.
    """
    if isinstance(answer, str):
        return answer
    if isinstance(answer, bool) or callable(answer):
        raise TypeError("the answer must be a text or a number, not a function")
    try:
        return repr(float(answer))
    except (TypeError, ValueError, OverflowError):
        return str(answer)


@dataclass(frozen=True)
class Judgement:
    """What the comparison of an expression found: ``where`` is its simplest wrong point."""

    right: bool
    mistake: Mistake | None = None
    where: Mapping[str, float] = field(default_factory=dict)
    got: float = math.nan
    expected: float = math.nan


def judge_expression(
    exercise: ExpressionExercise, text: str, rng: np.random.Generator, count: int = 40
) -> Judgement:
    """Compare an expression with the solution at random points.

    Raises
    ------
    ExpressionError
        Where the text cannot be read.
    """
    values = exercise.points_at(rng, count)
    got = exercise.values(text, values)
    expected = exercise.values(exercise.solution, values)
    inside = _within(got, expected, expected, exercise.rtol, exercise.atol)
    if np.all(inside):
        return Judgement(right=True)
    mistake = None
    for known in exercise.mistakes:
        wrong = exercise.values(known.wrong, values)
        if np.all(_within(got, wrong, wrong, exercise.rtol, exercise.atol)):
            mistake = known
            break
    sizes = sum((np.abs(values[letter]) for letter in exercise.variables), np.zeros(len(got)))
    index = int(np.argmin(np.where(inside, np.inf, sizes)))
    where = {letter: float(value[index]) for letter, value in values.items()}
    return Judgement(False, mistake, where, float(got[index]), float(expected[index]))
