"""The logistic sigmoid."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._base import ElementwiseActivation, FloatArray


@dataclass(frozen=True)
class Sigmoid(ElementwiseActivation):
    r"""The logistic sigmoid, which maps the real line to (0, 1).

    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}, \qquad
              \sigma'(x) = \frac{e^x}{(1 + e^x)^2} = \sigma(x) \, (1 - \sigma(x))

    Notes
    -----
    With e = e^x, sigma = e / (1 + e) and sigma' = sigma / (1 + e), which is sigma(x) sigma(-x).
    Where e overflows, sigma is 1 and sigma' is 0. The product sigma (1 - sigma) would be 0 from
    x = 37.5 on, because there sigma rounds to 1; `gradient_from_output` has no other choice.

    References
    ----------
    Source documents 000, 001, 002 and 003 derive both forms of sigma'.
    """

    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        e = np.exp(x, out=y)
        e = e.clip(0, np.finfo(e.dtype).max, out=e)
        return np.divide(e, 1 + e, out=e)

    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return self._value_and_gradient(x, None, dy)[1]

    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        e = np.exp(x, out=dy)
        y = e.clip(0, np.finfo(e.dtype).max, out=y)  # infinity / infinity would be NaN
        np.divide(y, 1 + y, out=y)
        e += 1
        return y, np.divide(y, e, out=e)

    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.multiply(y, 1 - y, out=dy)
