"""Softplus, the smooth ReLU."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._arguments import FloatArray, positive_parameter
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.activations._precise import exp_of_product


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

    def _exp(self, x: FloatArray) -> FloatArray:
        """Return exp(beta x), or any number so large that 1 is nothing beside it."""
        top = np.finfo(x.dtype).maxexp / 2
        return exp_of_product(self.beta, x.clip(-np.inf, top / self.beta))

    def _log(self, e: FloatArray) -> FloatArray:
        """Return ln(1 + e) / beta."""
        log = np.log1p(e)
        return log if self.beta == 1 else log / self.beta

    def _value(self, x: FloatArray) -> FloatArray:
        return np.maximum(self._log(self._exp(x)), x)

    def _gradient(self, x: FloatArray) -> FloatArray:
        e = self._exp(x)
        return e / (1 + e)

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        e = self._exp(x)
        return np.maximum(self._log(e), x), e / (1 + e)

    def _gradient_from_output(self, y: FloatArray) -> FloatArray:
        return -np.expm1(-self.beta * y)
