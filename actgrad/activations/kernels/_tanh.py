"""A scaled hyperbolic tangent, whose argument may be subnormal where its value is not."""

import numpy as np

from actgrad.activations._arguments import FloatArray


def scaled_tanh(height: float, slope: float, x: FloatArray, inner: FloatArray) -> FloatArray:
    """Return height tanh(inner), where inner is x times or over a number."""
    # Beside 1 the square of such an argument is nothing.
    near = np.abs(inner) < np.sqrt(np.finfo(x.dtype).smallest_normal)
    return np.where(near, slope * x, height * np.tanh(inner))
