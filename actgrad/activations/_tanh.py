"""The hyperbolic tangent."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._base import ElementwiseActivation, FloatArray


@dataclass(frozen=True)
class Tanh(ElementwiseActivation):
    r"""The hyperbolic tangent, which maps the real line to (-1, 1).

    .. math:: \tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}, \qquad
              \tanh' x = \frac{1}{\cosh^2 x} = \frac{4}{(e^x + e^{-x})^2} = 1 - \tanh^2 x

    Notes
    -----
    As cosh^2 = 1 + sinh^2, the derivative is 1 / (1 + sinh^2), which keeps its digits where
    1 - tanh^2 is a difference of nearly equal numbers (0 from x = 19.1 on); where sinh^2
    overflows it is 0. NumPy's sinh is more accurate than its cosh, by an ULP in float32. From
    the output, (1 - y) (1 + y) loses less than 1 - y^2.

    References
    ----------
    Source documents 000, 002 and 003 derive 1 - tanh^2.
    """

    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        return np.tanh(x, out=y)

    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        dy = np.sinh(x, out=dy)
        dy *= dy
        dy += 1
        return np.divide(1, dy, out=dy)

    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        dy = self._gradient(x, dy)
        return np.tanh(x, out=y), dy

    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.multiply(1 - y, 1 + y, out=dy)
