"""Arguments made ready, or refused with a message that says what to pass."""

import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]


def as_float_array(values: ArrayLike, name: str) -> FloatArray:
    """Return real numbers as a floating-point array in the machine's byte order."""
    array = np.asarray(values)
    dtype = array.dtype
    if dtype.kind == "f":
        return array if dtype.isnative else array.astype(dtype.newbyteorder("="))
    if dtype.kind in "biu":
        return array.astype(np.float64)
    raise TypeError(
        f"{name} must hold real numbers, got dtype {dtype}; "
        "pass an array of floats, integers or booleans"
    )


def as_cotangent(values: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return a cotangent as a floating-point array of the shape of the output."""
    g = as_float_array(values, "cotangent")
    if g.shape == shape:
        return g
    try:
        return np.broadcast_to(g, shape)
    except ValueError:
        raise ValueError(
            f"cotangent of shape {g.shape} does not broadcast to the output's shape {shape}; "
            "pass dL/dy, one number for each output"
        ) from None


def check_out(out: FloatArray, shape: tuple[int, ...]) -> None:
    """Refuse an `out` that cannot take floating-point numbers of the given shape."""
    if not (isinstance(out, np.ndarray) and out.dtype.kind == "f"):
        got = f"dtype {out.dtype}" if isinstance(out, np.ndarray) else type(out).__name__
        raise TypeError(f"out must be a floating-point ndarray, got {got}")
    if out.shape != shape:
        raise ValueError(f"out has shape {out.shape}, but the result has shape {shape}")


def real_parameter(name: str, value: float) -> float:
    """Return a parameter as a Python float, which unlike a NumPy scalar keeps dtypes alone."""
    try:
        return float(operator.truediv(value, 1))
    except TypeError:
        raise ValueError(f"{name} must be a real number, got {value!r}") from None


def positive_parameter(name: str, value: float) -> float:
    """Return a positive parameter as a Python float that float32 can hold, and its inverse."""
    number = real_parameter(name, value)
    if not 1e-30 <= number <= 1e30:
        raise ValueError(
            f"{name} must be positive, from 1e-30 to 1e30, got {value!r}; pass e.g. 1.0"
        )
    return number


def axis_parameter(value: int) -> int:
    """Return an axis as a Python integer."""
    try:
        return operator.index(value)
    except TypeError:
        raise ValueError(f"axis must be an integer, got {value!r}; pass e.g. -1") from None
