"""Sine, sin(omega x)."""

from actgrad.activations._arguments import FloatArray
from actgrad.activations.kernels._turns import Angle


class Kernel:
    """The sine of an angle whose whole turns have been taken off without rounding."""

    omega: float

    def _value(self, x: FloatArray) -> FloatArray:
        return Angle(self.omega, x).sin()

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self.omega * Angle(self.omega, x).cos()

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        angle = Angle(self.omega, x)
        return angle.sin(), self.omega * angle.cos()
