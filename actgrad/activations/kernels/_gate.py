"""Gates F with F(-x) = 1 - F(x): one side of x F(x) tells the other."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble


class Gate(ABC):
    r"""The value and the gradient of x F(x), from what they are at -\|x\|.

    .. math:: f(x) = \max(x, 0) - r(|x|), \qquad r(a) = -f(-a), \qquad f'(x) = 1 - f'(-x)

    A subclass states r(a) and f'(-a), for a >= 0, as factors of one exponential.
    """

    @abstractmethod
    def _far(self, dtype: np.dtype[Any]) -> float:
        """Return a distance from which on the exponential is 0, whatever the factor is."""

    @abstractmethod
    def _exponent(self, a: FloatArray) -> DoubleDouble:
        """Return the exponent at -a."""

    @abstractmethod
    def _shared(self, a: FloatArray, e: FloatArray) -> Any:
        """Return what both factors need, for the exponential e."""

    @abstractmethod
    def _value_factor(self, a: FloatArray, shared: Any) -> FloatArray:
        """Return r(a) divided by the exponential."""

    @abstractmethod
    def _gradient_factor(self, a: FloatArray, shared: Any) -> FloatArray:
        """Return f'(-a) divided by the exponential."""

    def _value(self, x: FloatArray) -> FloatArray:
        a, exponent, e = self._left_side(x)
        return _value(x, exponent.times_exp(self._value_factor(a, self._shared(a, e)), e))

    def _gradient(self, x: FloatArray) -> FloatArray:
        a, exponent, e = self._left_side(x)
        left = exponent.times_exp(self._gradient_factor(a, self._shared(a, e)), e)
        return _slope(x, left)

    def _value_and_gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        a, exponent, e = self._left_side(x)
        shared = self._shared(a, e)
        r = exponent.times_exp(self._value_factor(a, shared), e)
        left = exponent.times_exp(self._gradient_factor(a, shared), e)
        return _value(x, r), _slope(x, left)

    def _left_side(self, x: FloatArray) -> tuple[FloatArray, DoubleDouble, FloatArray]:
        a = np.minimum(np.abs(x), self._far(x.dtype))
        exponent = self._exponent(a)
        return a, exponent, exponent.exp(x.dtype)


def _value(x: FloatArray, r: FloatArray) -> FloatArray:
    return np.maximum(x, 0) - r


def _slope(x: FloatArray, left: FloatArray) -> FloatArray:
    """Return f'(x), which is left for x < 0 and 1 - left for x > 0."""
    side = np.copysign(x.dtype.type(1), x)
    return (0.5 + 0.5 * side) - side * left


class SigmoidGate(Gate):
    r"""The value and the gradient of x sigma(w(x)) for an odd w.

    .. math:: f'(x) = \frac{e^w}{(1 + e^w)^2} \, (1 + e^w + x w')

    A subclass states w(-a) as an exponent, and the bracket at -a, which has the root of f'.
    """

    @abstractmethod
    def _bracket(self, a: FloatArray, e: FloatArray) -> FloatArray:
        """Return 1 + e^w + x w' at x = -a for e = e^w, without loss near its root."""

    def _shared(self, a: FloatArray, e: FloatArray) -> FloatArray:
        return e

    def _value_factor(self, a: FloatArray, shared: FloatArray) -> FloatArray:
        return a / (1 + shared)

    def _gradient_factor(self, a: FloatArray, shared: FloatArray) -> FloatArray:
        return self._bracket(a, shared) / (1 + shared * (2 + shared))
