"""QuickGELU, x sigma(1.702 x)."""

from fractions import Fraction

from actgrad.activations.kernels import swish


class Kernel(swish.Kernel):
    """Swish with beta = 1.702."""

    beta = Fraction("1.702")
