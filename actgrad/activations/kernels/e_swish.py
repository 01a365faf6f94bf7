"""E-swish, beta x sigma(x)."""

from actgrad.activations._arguments import FloatArray
from actgrad.activations.kernels import silu

SILU = silu.Kernel()


class Kernel:
    """SiLU, beta times."""

    beta: float

    def _value(self, x: FloatArray) -> FloatArray:
        return self.beta * SILU._value(x)

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self.beta * SILU._gradient(x)

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        y, slope = SILU._value_and_gradient(x)
        return self.beta * y, self.beta * slope
