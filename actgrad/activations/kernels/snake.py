"""Snake, x + sin^2(alpha x)/alpha."""

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations.kernels._turns import Angle


class Kernel:
    r"""The slope as a square, which keeps its digits where it touches 0.

    .. math:: 1 + \sin 2 u = 2 \cos^2(u - \pi/4), \qquad u = \alpha x
    """

    alpha: float

    def _value(self, x: FloatArray) -> FloatArray:
        sin = Angle(self.alpha, x).sin()
        u = self.alpha * x.astype(sin.dtype)
        # Where the two terms cancel most, sin^2 u is (1 - cos 2u)/2.
        cancels = (u > -2.2) & (u < -0.4)
        y = np.where(
            cancels, (u + 0.5 - np.cos(2 * u) / 2) / self.alpha, x + sin * sin / self.alpha
        )
        return np.where(np.isinf(x), x, y)

    def _gradient(self, x: FloatArray) -> FloatArray:
        cos = Angle(self.alpha, x, odd=True).cos()
        return 2 * (cos * cos)

    def _by_alpha(self, x: FloatArray) -> FloatArray:
        angle = Angle(self.alpha, x)
        sin, cos = angle.sin(), angle.cos()
        return sin * (2 * x * cos - sin / self.alpha) / self.alpha
