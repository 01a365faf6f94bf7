"""StarReLU, s max(0, x)^2 + b."""

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble

FAR = 2.0**400
"""Where no shift matters and the parts of a square are still far from an overflow."""


class Kernel:
    """With s x^2 as a sum of two numbers, which cancels against b at the root."""

    scale: float
    bias: float

    def _value(self, x: FloatArray) -> FloatArray:
        # Also in float32: at the root a rounding of float64 may be all of the sum.
        a = np.maximum(0, x).astype(np.promote_types(x.dtype, np.float64))
        near = DoubleDouble.product(1, np.minimum(a, FAR)).square().times(self.scale)
        return np.where(a < FAR, near.plus(self.bias).t, self.scale * a * a)
