"""The formula of the soft cap."""

from actgrad.activations._arguments import FloatArray
from actgrad.activations.kernels._tanh import scaled_tanh


class Kernel:
    """What follows from the record, but for inputs near to the smallest numbers."""

    cap: float

    def _value(self, x: FloatArray) -> FloatArray:
        return scaled_tanh(self.cap, 1, x, x / self.cap)
