"""The linear activation, which is the identity."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._base import ElementwiseActivation, FloatArray


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

    _constant_gradient = 1.0

    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        if y is None:
            return x.copy("K")
        np.copyto(y, x)
        return y

    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.ones_like(x)

    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        return self._value(x, y), np.ones_like(x)

    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.ones_like(y)


Identity = Linear
