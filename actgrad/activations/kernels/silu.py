"""SiLU, x sigma(x)."""

from actgrad.activations.kernels import swish


class Kernel(swish.Kernel):
    """Swish with beta = 1."""

    beta = 1.0
