"""Compare values with what was expected: numbers, shapes, kinks, known mistakes.

Everything here works on values alone.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from actgrad.exercises._exercise import (
    Arguments,
    Array,
    FunctionExercise,
)

Outputs = tuple[Array, ...] | None


@dataclass(frozen=True)
class Fault:
    """Why an output is not right: a ``kind`` to act on, a ``reason`` to show."""

    kind: Literal[
        "nothing", "shape", "nan", "value", "error", "time limit", "crashed", "not run"
    ]
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
        return Fault("nothing", "the function returned `None`: is there a `return`?")
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
        if not np.all(within(number, bottom, top, rtol, atol)):
            return Fault("value", f"{which}the values differ")
    return None


def within(value: Array, low: Array, high: Array, rtol: float, atol: float) -> Array:
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
