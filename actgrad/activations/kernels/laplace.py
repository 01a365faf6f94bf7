"""The Laplace activation, Phi((x - mu)/sigma)."""

import math
from fractions import Fraction

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, far_exponent
from actgrad.activations.kernels import _mills

LOG_DENSITY_AT_0, LOST = -0.9189385332046728, 3.878294158067242e-17
"""ln phi(0) is their sum: a factor in the exponent costs no rounding."""


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
        exponent = d.square().times(-1 / (2 * Fraction(self.sigma) ** 2))
        exponent = exponent.plus(LOG_DENSITY_AT_0).plus_small(LOST)
        e = exponent.exp(x.dtype)
        left = exponent.times_exp(self._ratio(d).astype(x.dtype, copy=False), e)
        right = d.t > 0
        y = (~right) * left + right * (1 - left)
        return y, exponent.times_exp(np.full_like(x, 1 / self.sigma), e)

    def _ratio(self, d: DoubleDouble) -> FloatArray:
        """Return Mills' ratio M of |d|/sigma; what the quotient a loses counts by a M - 1."""
        size, sign = np.abs(d.t), np.sign(d.t)
        a = size / self.sigma
        ratio = _mills.ratio(a)
        t, dt = DoubleDouble.product(-self.sigma, a)
        lost = (size + t) + sign * (0 if d.dt is None else d.dt) + (0 if dt is None else dt)
        return ratio + lost / self.sigma * (a * ratio - 1)
