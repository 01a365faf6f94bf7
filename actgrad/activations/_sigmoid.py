"""The logistic sigmoid."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._elementwise import ElementwiseActivation

FAR = 80.0
"""From here on 1 / (1 + e^-x) rounds to 1 in every precision."""


@dataclass(frozen=True)
class Sigmoid(ElementwiseActivation):
    r"""The logistic sigmoid, which maps the real line to (0, 1).

    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}, \qquad
              \sigma'(x) = \frac{e^x}{(1 + e^x)^2} = \sigma(x) \, (1 - \sigma(x))

    Notes
    -----
    With e = e^x, sigma = e / (1 + e) and sigma' = sigma / (1 + e), which is sigma(x) sigma(-x).
    Where e overflows, sigma rounds to 1 and sigma' to e^-x: both tails go down to subnormal
    numbers. The product sigma (1 - sigma) would be 0 as soon as sigma rounds to 1, near
    53 ln 2 = 36.7; `gradient_from_output` has no other choice.

    References
    ----------
    Source documents 000, 001, 002 and 003 derive both forms of sigma'.
    """

    def _value(self, x: FloatArray) -> FloatArray:
        e = np.exp(x.clip(-np.inf, FAR))
        e /= 1 + e
        return e

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._value_and_gradient(x)[1]

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        e = np.exp(x)
        d = 1 + e
        y = e / d
        dy = y / d
        if not e.max() < np.inf:  # infinity / infinity is NaN
            far = np.isinf(e)
            y[far], dy[far] = 1, np.exp(-x[far])
        return y, dy

    def _gradient_from_output(self, y: FloatArray) -> FloatArray:
        return y * (1 - y)
