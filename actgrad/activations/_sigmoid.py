"""The logistic sigmoid."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._base import ElementwiseActivation, FloatArray


@dataclass(frozen=True)
class Sigmoid(ElementwiseActivation):
    r"""The logistic sigmoid, which maps the real line to (0, 1).

    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}, \qquad
              \sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \sigma(x) \, (1 - \sigma(x))

    Notes
    -----
    With e = exp(-abs(x)) nothing overflows: the first form of sigma serves x >= 0, the second
    x < 0, and sigma' is an even function. The product sigma (1 - sigma) would be 0 from
    x = 37.5 on, because there sigma rounds to 1; `gradient_from_output` has no other choice.

    References
    ----------
    Source documents 000, 001, 002 and 003 derive both forms of sigma'.
    """

    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        e = np.exp(-np.abs(x))
        return np.divide(np.maximum(e, x >= 0), 1 + e, out=y)

    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        e = np.exp(-np.abs(x))
        return np.divide(e, (1 + e) ** 2, out=dy)

    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        e = np.exp(-np.abs(x))
        d = 1 + e
        return np.divide(np.maximum(e, x >= 0), d, out=y), np.divide(e, d**2, out=dy)

    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.multiply(y, 1 - y, out=dy)
