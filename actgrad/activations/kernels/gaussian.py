"""The Gaussian, e^(-x^2)."""

import math

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, far_exponent


class Kernel:
    """With x^2 as a sum of two numbers: its rounding counts as often as its value."""

    def _value(self, x: FloatArray) -> FloatArray:
        return self._exponent(x).exp(x.dtype)

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[1]

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        exponent = self._exponent(x)
        e = exponent.exp(x.dtype)
        far = math.sqrt(far_exponent(x.dtype))
        return e, exponent.times_exp(-2 * x.clip(-far, far), e)

    @staticmethod
    def _exponent(x: FloatArray) -> DoubleDouble:
        far = math.sqrt(far_exponent(x.dtype))
        return DoubleDouble.product(1, x.clip(-far, far)).square().times(-1)
