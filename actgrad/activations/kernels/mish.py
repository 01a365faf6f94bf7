"""Mish, x tanh(softplus(x))."""

import math

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, polynomial
from actgrad.activations.kernels._exponential import ExponentialGate


class Kernel(ExponentialGate):
    r"""With e = e^x, tanh(softplus(x)) = e (e + 2) / (e (e + 2) + 2).

    .. math:: G(e) = \frac{e^2 + 3 e + 3 + 1/(1 + e)}{4}, \qquad
              K(e) = \frac{4 (1 + e)}{(e^2 + 2 e + 2)^2}
    """

    root = "-1.192431214515495212137588340420739405601"

    def _product(self, x: FloatArray, exponent: DoubleDouble, e: FloatArray) -> FloatArray:
        return exponent.times_exp(x * ((e + 2) / (e * (e + 2) + 2)), e)

    def _left(
        self, d: FloatArray, exponent: DoubleDouble, e: FloatArray, rise: FloatArray
    ) -> FloatArray:
        e_0 = math.exp(float(self.root))
        g = d + 0.25 * rise * (e + (3 + e_0) - 1 / ((1 + e_0) * (1 + e)))
        return exponent.times_exp((1 + e) * g / polynomial((1, 2, 2, 1, 0.25), e), e)

    def _right(self, x: FloatArray, e: FloatArray) -> FloatArray:
        h = 2 / (e * (e + 2) + 2)
        return 1 - h * (1 - x * (e * (1 + e) * h))
