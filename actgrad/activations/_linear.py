"""The linear activation, which is the identity."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._driver import one_pass
from actgrad.activations._elementwise import ElementwiseActivation


@dataclass(frozen=True)
class Linear(ElementwiseActivation):
    r"""The identity: what a layer uses that shall have no activation.

    .. math:: f(x) = x, \qquad f'(x) = 1

    Notes
    -----
    The output is a new array, never `x` itself. The derivative is 1 everywhere, at NaN too.

    References
    ----------
    Source document 002, which would rather call it the identity; ``Identity`` is this class.
    """

    @one_pass
    def _value(self, x: FloatArray) -> FloatArray:
        return x.copy("K")

    @one_pass
    def _gradient(self, x: FloatArray) -> FloatArray:
        return np.ones_like(x)

    def _kept_gradient(self, x: FloatArray) -> float:
        return 1.0

    @one_pass
    def _gradient_from_output(self, y: FloatArray) -> FloatArray:
        return np.ones_like(y)


Identity = Linear
