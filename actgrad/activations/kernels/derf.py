"""Derf, erf(alpha x + s)."""

import math

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, far_exponent
from actgrad.activations.kernels._erf import erf


class Kernel:
    """With u = alpha x + s as a sum of two numbers, for its root and for e^(-u^2)."""

    alpha: float
    shift: float

    def _value(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[0]

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[1]

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        far = math.sqrt(far_exponent(x.dtype))
        most, least = ((side * far - self.shift) / self.alpha for side in (1, -1))
        # Also in float32: at the root a rounding of float64 may be all of u.
        wide = x.clip(least, most).astype(np.promote_types(x.dtype, np.float64))
        u = DoubleDouble.product(self.alpha, wide).plus(self.shift)
        exponent = u.square().times(-1)
        e = exponent.exp(x.dtype)
        near = u.t.astype(x.dtype, copy=False)
        slope = np.full_like(x, 2 / math.sqrt(math.pi) * self.alpha)
        return np.copysign(erf(np.abs(near), e), near), exponent.times_exp(slope, e)
