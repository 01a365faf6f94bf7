"""Serf, x erf(softplus(x))."""

import math
from fractions import Fraction

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, polynomial
from actgrad.activations.kernels._erf import erf
from actgrad.activations.kernels._exponential import ExponentialGate

SLOPE_AT_0 = 2 / math.sqrt(math.pi)
TERMS = 32


def _steps(s_0: float) -> list[float]:
    """Return (G(s) - G(s_0)) / (s - s_0) as a polynomial.

    G is a product: e^(s^2) sqrt(pi)/2 erf(s) = sum 2^k s^(2 k + 1) / (1 3 5 ... (2 k + 1)), and
    1 / (1 - e^(-s)) = sum (-1)^k B_k s^(k - 1) / k! with Bernoulli's numbers.
    """
    bernoulli = [Fraction(1)]
    for n in range(1, TERMS):
        terms = (math.comb(n + 1, k) * b for k, b in enumerate(bernoulli))
        bernoulli.append(-sum(terms, Fraction(0)) / (n + 1))
    other = [float((-1) ** k * b / math.factorial(k)) for k, b in enumerate(bernoulli)]
    series = [
        0.0 if k % 2 else 2.0 ** (k // 2) / math.prod(range(1, k + 2, 2)) for k in range(TERMS)
    ]
    g = [math.fsum(series[i] * other[k - i] for i in range(k + 1)) for k in range(TERMS)]
    found = [0.0]
    for number in reversed(g[1:]):
        found.insert(0, number + s_0 * found[0])
    return found[:-1]


class Kernel(ExponentialGate):
    r"""With s = softplus(x), K(e) = 2/sqrt(pi) e^(-s^2 - s) and G a function of s.

    .. math:: G = \frac{\sqrt\pi}{2} \operatorname{erf}(s) \, e^{s^2} \frac{1}{1 - e^{-s}}
    """

    root = "-1.19305996892818796618328632713699907939743"
    _series = _steps(math.log1p(math.exp(float(root))))

    def _product(self, x: FloatArray, exponent: DoubleDouble, e: FloatArray) -> FloatArray:
        s = np.log1p(e)
        near = x * erf(s, np.exp(-s * s))
        return np.where(e > np.finfo(e.dtype).eps, near, exponent.times_exp(SLOPE_AT_0 * x, e))

    def _left(
        self, d: FloatArray, exponent: DoubleDouble, e: FloatArray, rise: FloatArray
    ) -> FloatArray:
        s = np.log1p(np.minimum(e, 1))
        steps = np.log1p(rise / (1 + math.exp(float(self.root))))
        outer = DoubleDouble.sum(exponent.t, math.log(SLOPE_AT_0) - (s + s * s))
        g = d + steps * polynomial(self._series, s)
        return outer.times_exp(g, outer.exp(e.dtype))

    def _right(self, x: FloatArray, e: FloatArray) -> FloatArray:
        s = np.log1p(e)
        density = np.exp(-s * s)
        return erf(s, density) + SLOPE_AT_0 * x * density * (e / (1 + e))
