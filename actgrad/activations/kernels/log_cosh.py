"""The formula of the logarithm of the hyperbolic cosine."""

import numpy as np

from actgrad.activations._arguments import FloatArray


class Kernel:
    """ln cosh x = ln(1 + sinh^2 x)/2, which keeps its digits near 0, but overflows far out."""

    def _value(self, x: FloatArray) -> FloatArray:
        a = np.abs(x)
        near = np.log1p(np.square(np.sinh(np.minimum(a, 16)))) / 2
        ln2 = np.log(x.dtype.type(2))
        return np.where(a < 16, near, a - ln2 + np.log1p(np.exp(-2 * a)))
