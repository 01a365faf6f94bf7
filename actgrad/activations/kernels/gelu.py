"""GELU, x Phi(x)."""

import math
from typing import Any

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, distance, far_exponent, polynomial
from actgrad.activations.kernels import _mills
from actgrad.activations.kernels._gate import Gate

DENSITY_AT_0, LOST = 0.3989422804014327, -6.247337834861335e-17
"""phi(0) is the first times 1 + the second."""

NEAR = 0.5
# (1/2 - Phi(-a))/a as a power series in a^2.
SERIES = tuple(
    DENSITY_AT_0 * (-0.5) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(11)
)


class Kernel(Gate):
    r"""With Mills' ratio M, -f(-a) = a phi(a) M(a) and f'(-a) = phi(a) (M(a) - a)."""

    def _far(self, dtype: np.dtype[Any]) -> float:
        return math.sqrt(2 * far_exponent(dtype))

    def _exponent(self, a: FloatArray) -> DoubleDouble:
        return DoubleDouble(a).square().times(-0.5).plus_small(LOST)

    def _shared(self, a: FloatArray, e: FloatArray) -> tuple[FloatArray, ...]:
        return *_mills.above_and_below(a), e

    def _value_factor(self, a: FloatArray, shared: tuple[FloatArray, ...]) -> FloatArray:
        above, below, e = shared
        far = DENSITY_AT_0 * (above / below)
        if a.itemsize < 8:
            return far
        near = np.minimum(a, NEAR)
        left = near * (0.5 - near * polynomial(SERIES, near * near))
        return np.where(a < NEAR, left / e, far)

    def _gradient_factor(self, a: FloatArray, shared: tuple[FloatArray, ...]) -> FloatArray:
        _, below, _ = shared
        far = 1 + polynomial(_mills.Z, a) / below
        return -DENSITY_AT_0 * distance(a, _mills.ROOT) * far
