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
    ``log(1 + exp(x))`` overflows from x = 709.8 on and is 0 below x = -37. With log1p it keeps
    the left tail. Long before e^(beta x) overflows, f(x) rounds to x, so there e stops growing
    and the maximum with x takes over. The rounding of beta x would cost up to 350 ULP in the
    tails; it is compensated.

    References
    ----------
    Source document 002 (for beta = 1).
    """

    beta: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", positive_parameter("beta", self.beta))

    def _exp(self, x: FloatArray, e: FloatArray | None = None) -> FloatArray:
        """Return exp(beta x), or any number so large that 1 is nothing beside it."""
        top = np.finfo(x.dtype).maxexp / 2
        e = x.clip(-np.inf, top / self.beta, out=e)
        return exp_of_product(self.beta, e, out=e)

    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        e = self._exp(x)
        np.log1p(e, out=e)
        if self.beta != 1:
            e /= self.beta
        return np.maximum(e, x, out=y)

    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        e = self._exp(x, dy)
        return np.divide(e, 1 + e, out=e)

    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        e = self._exp(x, dy)
        y = np.log1p(e, out=y)
        if self.beta != 1:
            y /= self.beta
        return np.maximum(y, x, out=y), np.divide(e, 1 + e, out=e)

    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        return np.negative(np.expm1(-self.beta * y), out=dy)
