"""Derf, erf(alpha x + s)."""

import math

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, far_exponent
from actgrad.activations.kernels._erf import erf

SLOPE_AT_0 = 2 / math.sqrt(math.pi)


class Kernel:
    """With u = alpha x + s as a sum of two numbers, for its root and for e^(-u^2)."""

    alpha: float
    shift: float

    def _value(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[0]

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[1]

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        u, exponent = self._argument(self._within(x))
        e = exponent.exp(x.dtype)
        near = u.t.astype(x.dtype, copy=False)
        slope = np.full_like(x, SLOPE_AT_0 * self.alpha)
        return np.copysign(erf(np.abs(near), e), near), exponent.times_exp(slope, e)

    def _by_alpha(self, x: FloatArray) -> FloatArray:
        within = self._within(x)
        _, exponent = self._argument(within)
        factor = (SLOPE_AT_0 * within).astype(x.dtype, copy=False)
        return exponent.times_exp(factor, exponent.exp(x.dtype))

    def _by_shift(self, x: FloatArray) -> FloatArray:
        _, exponent = self._argument(self._within(x))
        return exponent.times_exp(np.full_like(x, SLOPE_AT_0), exponent.exp(x.dtype))

    def _within(self, x: FloatArray) -> FloatArray:
        """Return x, but no further out than where e^(-u^2) has become 0."""
        far = math.sqrt(far_exponent(x.dtype))
        most, least = ((side * far - self.shift) / self.alpha for side in (1, -1))
        # Also in float32: at the root a rounding of float64 may be all of u.
        return x.clip(least, most).astype(np.promote_types(x.dtype, np.float64))

    def _argument(self, within: FloatArray) -> tuple[DoubleDouble, DoubleDouble]:
        """Return u and -u^2."""
        u = DoubleDouble.product(self.alpha, within).plus(self.shift)
        return u, u.square().times(-1)
