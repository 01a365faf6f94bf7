"""The error function."""

import math

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import polynomial
from actgrad.activations.kernels import _mills

WIDTH = 0.8
# The power series in a^2 of erf(a) / a; below WIDTH its first term outweighs the others.
SERIES = tuple(
    2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(17)
)


def erf(a: FloatArray, e: FloatArray) -> FloatArray:
    """Return erf(a) for a >= 0 and e = e^(-a^2)."""
    near = np.minimum(a, WIDTH)
    series = near * polynomial(SERIES, near * near)
    return (near == a) * series + (near != a) * (1 - erfc(a, e))


def erfc(a: FloatArray, e: FloatArray) -> FloatArray:
    """Return 1 - erf(a) for a >= 0 and e = e^(-a^2), with the digits of e."""
    return math.sqrt(2 / math.pi) * e * _mills.ratio(math.sqrt(2) * a)
