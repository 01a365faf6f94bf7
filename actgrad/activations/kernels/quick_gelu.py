"""QuickGELU, x sigma(1.702 x)."""

from actgrad.activations.kernels import swish


class Kernel(swish.Kernel):
    """Swish with beta = 1.702."""

    beta = 1.702
