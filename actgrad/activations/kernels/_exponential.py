"""Gates that are functions of e^x."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble, distance, exp_minus, far_exponent


class ExponentialGate(ABC):
    r"""The value and the gradient of x T(e^x), where f' has one root, x_0 < 0.

    .. math:: f'(x) = e^x K(e^x) \, (x + G(e^x)), \qquad x + G(e) = x - x_0 + G(e) - G(e_0)

    Left of 0 the gradient is computed in this form, which keeps its digits at the root; right
    of 0, where nothing cancels, in any other.
    """

    root: ClassVar[str]
    """x_0, with 40 digits."""

    @abstractmethod
    def _product(self, x: FloatArray, exponent: DoubleDouble, e: FloatArray) -> FloatArray:
        """Return f(x), where e is the exponential of the exponent."""

    @abstractmethod
    def _left(
        self, d: FloatArray, exponent: DoubleDouble, e: FloatArray, rise: FloatArray
    ) -> FloatArray:
        """Return f'(x) for x < 0; d = x - x_0 and rise = e - e_0."""

    @abstractmethod
    def _right(self, x: FloatArray, e: FloatArray) -> FloatArray:
        """Return f'(x) for x > 0."""

    def _value(self, x: FloatArray) -> FloatArray:
        return self._product(_finite(x), *_exponential(x))

    def _gradient(self, x: FloatArray) -> FloatArray:
        return self._slope(*_exponential(x))

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        exponent, e = _exponential(x)
        return self._product(_finite(x), exponent, e), self._slope(exponent, e)

    def _slope(self, exponent: DoubleDouble, e: FloatArray) -> FloatArray:
        x = exponent.t.astype(e.dtype, copy=False)
        d = distance(x, self.root)
        rise = exp_minus(e, d, math.exp(float(self.root)))
        left = self._left(d, exponent, e, rise)
        return (x < 0) * left + (x >= 0) * self._right(x, e)


def _exponential(x: FloatArray) -> tuple[DoubleDouble, FloatArray]:
    """Return e^x, where it does not grow when it no longer matters."""
    dtype = x.dtype
    most = (np.finfo(dtype).nmant + 4) * math.log(2)
    exponent = DoubleDouble.product(1, x.clip(-far_exponent(dtype), most))
    return exponent, exponent.exp(dtype)


def _finite(x: FloatArray) -> FloatArray:
    return np.maximum(x, -np.finfo(x.dtype).max / 2)
