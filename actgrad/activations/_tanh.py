"""The hyperbolic tangent."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._driver import one_pass
from actgrad.activations._elementwise import ElementwiseActivation


@dataclass(frozen=True)
class Tanh(ElementwiseActivation):
    r"""The hyperbolic tangent, which maps the real line to (-1, 1).

    .. math:: \tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}, \qquad
              \tanh' x = \frac{1}{\cosh^2 x} = \frac{4}{(e^x + e^{-x})^2} = 1 - \tanh^2 x

    Notes
    -----
    As cosh^2 = 1 + sinh^2, the derivative is 1 / (1 + sinh^2), which keeps its digits where
    1 - tanh^2 is a difference of nearly equal numbers (0 from x = 19.1 on). It is 0 from
    \|x\| = 355.6 on, where sinh^2 overflows; the true derivative is subnormal there and rounds
    to 0 from 373.3 on (in float32: 45.1 and 52.7). NumPy's sinh is more accurate than its cosh,
    by an ULP in float32. From the output, (1 - y) (1 + y) loses less than 1 - y^2.

    References
    ----------
    Source documents 000, 002 and 003 derive 1 - tanh^2.
    """

    @one_pass
    def _value(self, x: FloatArray) -> FloatArray:
        return np.tanh(x)

    def _gradient(self, x: FloatArray) -> FloatArray:
        d = np.sinh(x)
        d *= d
        d += 1
        return 1 / d

    def _gradient_from_output(self, y: FloatArray) -> FloatArray:
        return (1 - y) * (1 + y)
