"""Swish, x sigma(beta x); with fixed beta SiLU and QuickGELU."""

from fractions import Fraction
from typing import Any

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, distance, exp_minus, far_exponent
from actgrad.activations.kernels._gate import SigmoidGate

ROOT = "-1.278464542761073795109358739022980155439"
"""Where 1 + t + e^t is 0."""


class Kernel(SigmoidGate):
    r"""With t = beta x and the root t_0, 1 + t + e^t = (t - t_0) + e^t_0 (e^(t - t_0) - 1)."""

    beta: float | Fraction

    def _far(self, dtype: np.dtype[Any]) -> float:
        return far_exponent(dtype) / float(self.beta)

    def _exponent(self, a: FloatArray) -> DoubleDouble:
        return DoubleDouble.product(-self.beta, a)

    def _bracket(self, a: FloatArray, e: FloatArray) -> FloatArray:
        d = float(self.beta) * distance(-a, ROOT, self.beta)
        return d + exp_minus(e, d, -1 - float(ROOT))

    def _by_beta(self, x: FloatArray) -> FloatArray:
        a, exponent, e = self._left_side(x)
        return exponent.times_exp(np.square(a / (1 + e)), e)
