"""Softplus, the smooth ReLU."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._base import (
    ElementwiseActivation,
    FloatArray,
    exp_of_product,
    positive_parameter,
)


@dataclass(frozen=True)
class Softplus(ElementwiseActivation):
    r"""Softplus, a smooth ReLU whose derivative is the sigmoid.

    .. math:: f(x) = \frac{1}{\beta} \ln(1 + e^{\beta x}), \qquad
              f'(x) = \frac{e^{\beta x}}{1 + e^{\beta x}} = \sigma(\beta x), \qquad
              0 < f(x) - \max(x, 0) \le \frac{\ln 2}{\beta}

    Parameters
    ----------
    beta : float, default 1.0
        The sharpness of the bend: the larger, the nearer to ReLU.

    Raises
    ------
    ValueError
        If `beta` is not a number from 1e-30 to 1e30.

    Notes
    -----
    ``log(1 + exp(x))`` overflows from x = 709.8 on and is 0 below x = -37. With
    e = exp(-beta abs(x)), max(x, 0) + log(1 + e) / beta is the same function and does neither.
    The rounding of beta x would cost up to 350 ULP in the tails; it is compensated.

    References
    ----------
    Source document 002 (for beta = 1).
    """

    beta: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", positive_parameter("beta", self.beta))

    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        e = exp_of_product(self.beta, -np.abs(x))
        return np.add(np.maximum(x, 0), np.log1p(e) / self.beta, out=y)

    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        e = exp_of_product(self.beta, -np.abs(x))
        return np.divide(np.maximum(e, x >= 0), 1 + e, out=dy)

    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        e = exp_of_product(self.beta, -np.abs(x))
        dy = np.divide(np.maximum(e, x >= 0), 1 + e, out=dy)
        return np.add(np.maximum(x, 0), np.log1p(e) / self.beta, out=y), dy

    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.negative(np.expm1(-self.beta * y), out=dy)
