"""The Laplace activation, Phi((x - mu)/sigma)."""

import math
from fractions import Fraction

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, far_exponent
from actgrad.activations.kernels import _mills
from actgrad.activations.kernels.gelu import DENSITY_AT_0, LOST


class Kernel:
    """The left tail by Mills' ratio, the right half as what it leaves of 1."""

    mu: float
    sigma: float

    def _value(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[0]

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[1]

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        reach = self.sigma * math.sqrt(2 * far_exponent(x.dtype))
        d = DoubleDouble.sum(x.clip(self.mu - reach, self.mu + reach), -self.mu)
        exponent = d.square().times(-1 / (2 * Fraction(self.sigma) ** 2)).plus_small(LOST)
        e = exponent.exp(x.dtype)
        a = (np.abs(d.t) / self.sigma).astype(x.dtype, copy=False)
        left = exponent.times_exp(DENSITY_AT_0 * _mills.ratio(a), e)
        right = d.t > 0
        y = (~right) * left + right * (1 - left)
        density = np.full_like(x, DENSITY_AT_0 / self.sigma)
        return y, exponent.times_exp(density, e)
