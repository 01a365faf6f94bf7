"""The formulas of the dynamic tanh."""

from fractions import Fraction

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, far_exponent
from actgrad.activations.kernels._tanh import scaled_tanh


class Kernel:
    """What follows from the record, but where numbers are nearly the smallest ones."""

    alpha: float
    weight: float

    def _value(self, x: FloatArray) -> FloatArray:
        return scaled_tanh(self.weight, self.weight * self.alpha, x, self.alpha * x)

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._times_slope(self.weight * self.alpha, x)

    def _by_alpha(self, x: FloatArray) -> FloatArray:
        # Where the slope has become 0, x must not be infinite.
        far = far_exponent(x.dtype) / self.alpha
        return self._times_slope(self.weight * x.clip(-far, far), x)

    def _times_slope(self, y: FloatArray | float, x: FloatArray) -> FloatArray:
        """Return y tanh'(alpha x)."""
        far = far_exponent(x.dtype) / (2 * self.alpha)
        exponent = DoubleDouble.product(-2 * Fraction(self.alpha), np.minimum(np.abs(x), far))
        e = exponent.exp(x.dtype)
        return exponent.times_exp(4 * y / np.square(1 + e), e)
