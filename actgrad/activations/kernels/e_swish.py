"""E-swish, beta x sigma(x)."""

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations.kernels import silu

SILU = silu.Kernel()


class Kernel:
    """SiLU, beta times: in its factors, as what is subnormal has lost digits already."""

    beta: float

    def _value(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[0]

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[1]

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        a, exponent, e = SILU._left_side(x)
        r = exponent.times_exp(self.beta * a / (1 + e), e)
        left = exponent.times_exp(self.beta * SILU._gradient_factor(a, e), e)
        return np.maximum(self.beta * x, 0) - r, np.where(x > 0, self.beta - left, left)
