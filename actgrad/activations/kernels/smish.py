"""Smish, x tanh(ln(1 + sigma(x)))."""

import math

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, polynomial
from actgrad.activations.kernels._exponential import ExponentialGate


class Kernel(ExponentialGate):
    r"""With e = e^x, tanh(ln(1 + sigma(x))) = e (3 e + 2) / (5 e^2 + 6 e + 2).

    .. math:: G(e) = \frac{1}{4} \left(
                  \frac{15 e + 5.5}{2} + \frac{1}{4 (2 e + 1)} + \frac{1}{e + 1} \right), \qquad
              K(e) = \frac{4 (2 e + 1)(e + 1)}{(5 e^2 + 6 e + 2)^2}
    """

    root = "-1.39451930192450408423618214308604301430506"

    def _product(self, x: FloatArray, exponent: DoubleDouble, e: FloatArray) -> FloatArray:
        return exponent.times_exp(x * ((3 * e + 2) / (e * (5 * e + 6) + 2)), e)

    def _left(
        self, d: FloatArray, exponent: DoubleDouble, e: FloatArray, rise: FloatArray
    ) -> FloatArray:
        e_0 = math.exp(float(self.root))
        a, b = 2 * e + 1, e + 1
        steps = 7.5 - 0.5 / ((2 * e_0 + 1) * a) - 1 / ((e_0 + 1) * b)
        g = d + 0.25 * rise * steps
        k = polynomial((1, 3, 2), e) * g / polynomial((1, 6, 14, 15, 6.25), e)
        return exponent.times_exp(k, e)

    def _right(self, x: FloatArray, e: FloatArray) -> FloatArray:
        c = e * (5 * e + 6) + 2
        return (e * (3 * e + 2) + 4 * x * (e * (2 * e + 1) * ((e + 1) / c))) / c
