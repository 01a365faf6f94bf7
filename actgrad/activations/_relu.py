"""The rectified linear unit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actgrad.activations._arguments import FloatArray, real_parameter
from actgrad.activations._driver import BLOCK_BYTES, one_pass
from actgrad.activations._elementwise import ElementwiseActivation


@dataclass(frozen=True)
class ReLU(ElementwiseActivation):
    r"""The rectified linear unit.

    .. math:: f(x) = \max(x, 0), \qquad
              f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}, \qquad
              f'(0) := \text{gradient\_at\_zero}

    Parameters
    ----------
    gradient_at_zero : float, default 0.0
        The value to use for f'(0), where f has no derivative: any subgradient, 0 to 1.

    Raises
    ------
    ValueError
        If `gradient_at_zero` is not a number in [0, 1].

    Notes
    -----
    The derivative takes the *input*. The output tells it only if ``gradient_at_zero`` is 0:
    then it is 1 where y > 0 and 0 where y = 0. With any other value the output 0 is ambiguous
    (x < 0 has the derivative 0, x = 0 has not), and `gradient_from_output` says so.

    NumPy clips to two numbers two to three times as fast as it takes the maximum with one.

    References
    ----------
    Source documents 000 (f'(0) = 0), 002 (f'(0) = 1) and 003 (both).
    """

    gradient_at_zero: float = 0.0
    _one_output = (-1.0, 0.0)

    def __post_init__(self) -> None:
        value = real_parameter("gradient_at_zero", self.gradient_at_zero)
        if not 0 <= value <= 1:
            raise ValueError(
                f"gradient_at_zero must be a subgradient of ReLU at 0, got {value}; "
                "pass a number from 0 to 1"
            )
        object.__setattr__(self, "gradient_at_zero", value)

    @one_pass
    def _value(self, x: FloatArray) -> FloatArray:
        return x.clip(0, np.inf)

    def _gradient(self, x: FloatArray) -> FloatArray:
        dy = x.clip(0, 1)
        np.ceil(dy, out=dy)
        if self.gradient_at_zero:
            dy += self.gradient_at_zero * (x == 0)
        return dy

    def _kept_gradient(self, x: FloatArray) -> NDArray[Any]:
        # In the cache a mask does not pay, and it has no room for NaN.
        if self.gradient_at_zero or x.nbytes < BLOCK_BYTES or np.isnan(x).any():
            return self._gradient(x)
        return x > 0

    def _gradient_from_output(self, y: FloatArray) -> FloatArray:
        return self._gradient(y)
