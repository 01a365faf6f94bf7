"""GELU's form with tanh, x sigma(2 u) with 2 u = c_1 x + c_3 x^3."""

from fractions import Fraction
from typing import Any

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, distance, exp_minus, far_exponent
from actgrad.activations.kernels._gate import SigmoidGate

C1 = Fraction("1.595769121605730711759784239737527473903")  # 2 sqrt(2/pi)
C3 = C1 * Fraction("0.044715")
ROOT = "-0.7524614220710162584879544432889160906054"
"""Where 1 + e^w + x w' is 0 for w = c_1 x + c_3 x^3."""
# With so few bits that c_1 a + c_3 a^3 is exact for multiples a of 1/256 up to 32.
C1_SHORT = Fraction(round(C1 * 2**34), 2**34)
C3_SHORT = Fraction(round(C3 * 2**18), 2**18)
E_AT_ROOT = 0.29195521191476713


class Kernel(SigmoidGate):
    r"""Differences of w and of x w' from their values at the root have the factor x - x_0."""

    def _far(self, dtype: np.dtype[Any]) -> float:
        return float(far_exponent(dtype) / C3) ** (1 / 3)

    def _exponent(self, a: FloatArray) -> DoubleDouble:
        if a.itemsize < 8:
            a = a.astype(np.float64)
            return DoubleDouble(-a * (float(C1) + float(C3) * (a * a)))
        high = np.rint(-256 * a) / 256
        low = -a - high
        square = high * high
        rest = high * (float(C1 - C1_SHORT) + float(C3 - C3_SHORT) * square)
        rest += low * (float(C1) + float(C3) * (low * low - 3 * high * a))
        return DoubleDouble.of_sum(high * (float(C1_SHORT) + float(C3_SHORT) * square), rest)

    def _bracket(self, a: FloatArray, e: FloatArray) -> FloatArray:
        c1, c3, root = float(C1), float(C3), -float(ROOT)
        d = distance(-a, ROOT)
        squares = c3 * (a * (a + root) + root**2)
        return d * (c1 + 3 * squares) + exp_minus(e, d * (c1 + squares), E_AT_ROOT)
