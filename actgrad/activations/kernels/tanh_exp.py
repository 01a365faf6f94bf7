"""TanhExp, x tanh(e^x)."""

import math

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, polynomial
from actgrad.activations.kernels._exponential import ExponentialGate


def _steps(z_0: float) -> list[float]:
    """Return (S(z) - S(z_0)) / (z - z_0) as a polynomial, for S(z) = sum 4^k z^k/(2k + 1)!."""
    found = [0.0]
    for k in range(13, 0, -1):
        found.insert(0, 4.0**k / math.factorial(2 * k + 1) + z_0 * found[0])
    return found[:-1]


class Kernel(ExponentialGate):
    r"""With e = e^x, G(e) = sinh(2 e) / (2 e), a series in e^2, and K(e) = 1 / cosh^2 e."""

    root = "-1.07886005846462405665066737017207747607255"
    _series = _steps(math.exp(2 * float(root)))

    def _product(self, x: FloatArray, exponent: DoubleDouble, e: FloatArray) -> FloatArray:
        a = np.maximum(e, np.finfo(e.dtype).tiny)
        return exponent.times_exp(x * (np.tanh(a) / a), e)

    def _left(
        self, d: FloatArray, exponent: DoubleDouble, e: FloatArray, rise: FloatArray
    ) -> FloatArray:
        a = np.minimum(e, 2)  # right of 0 anything will do
        e_0 = math.exp(float(self.root))
        g = d + rise * (a + e_0) * polynomial(self._series, a * a)
        sinh = np.sinh(a)
        return exponent.times_exp(g / (1 + sinh * sinh), e)

    def _right(self, x: FloatArray, e: FloatArray) -> FloatArray:
        e = np.minimum(e, 30)  # tanh is 1 from there on
        sinh = np.sinh(e)
        return np.tanh(e) + x * (e / (1 + sinh * sinh))
