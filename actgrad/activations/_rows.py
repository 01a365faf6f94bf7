"""Activation functions that map vectors to vectors of the same length, row by row."""

from abc import abstractmethod
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from actgrad.activations._arguments import FloatArray, as_cotangent, as_float_array
from actgrad.activations._contract import VJP, Activation
from actgrad.activations._driver import Blocks, Kept, careful, type_of_work


class RowActivation(Activation):
    r"""An activation that maps each vector along one axis, y = f(z), with J given by y.

    .. math:: J_{ij} = \frac{\partial y_i}{\partial z_j}, \qquad
              \frac{\partial L}{\partial z} = J^{\mathsf T} g

    Notes
    -----
    A subclass has a field ``axis`` and states four formulas for n rows of k floating-point
    numbers, shape (n, k): each returns new arrays, treats each row by itself, and need not
    care for axes, float16, block sizes or warnings. A result does not depend on the other
    rows, to the last bit.
    """

    axis: int

    @abstractmethod
    def _value(self, z: FloatArray) -> FloatArray:
        """Return f(z)."""

    @abstractmethod
    def _vjp_from_output(self, y: FloatArray, g: FloatArray) -> FloatArray:
        """Return J^T g, where y = f(z)."""

    @abstractmethod
    def _vjp_of_infinite(self, y: FloatArray, g: FloatArray) -> FloatArray:
        """Return J^T g or, for infinite cotangents, its limit as all of them grow alike."""

    @abstractmethod
    def _jacobian_from_output(self, y: FloatArray) -> FloatArray:
        """Return J, where y = f(z), of shape (..., k, k) for y of shape (..., k)."""

    def _checked(self, values: ArrayLike, name: str) -> FloatArray:
        array = as_float_array(values, name)
        if not -array.ndim <= self.axis < array.ndim or array.shape[self.axis] == 0:
            raise ValueError(
                f"{type(self).__name__.lower()} over axis {self.axis} needs at least one "
                f"element there, got {name} of shape {array.shape}; pass an array that has "
                "that axis"
            )
        return array

    @final
    def __call__(self, x: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        z = self._checked(x, "x")
        return Blocks(z, self.axis).run(self._value, z, out=out)

    @final
    def gradient(self, x: ArrayLike, /) -> FloatArray:
        return self.jacobian(x)

    @final
    def jacobian(self, x: ArrayLike, /) -> FloatArray:
        z = self._checked(x, "x")
        y = self(z.astype(type_of_work(z.dtype), copy=False))
        return self._jacobian(y, z.dtype)

    @final
    def vjp(
        self, x: ArrayLike, cotangent: ArrayLike, /, *, out: FloatArray | None = None
    ) -> FloatArray:
        z = self._checked(x, "x")
        g = as_cotangent(cotangent, z.shape)

        def vjp(z: FloatArray, g: FloatArray) -> FloatArray:
            return self._vjp(self._value(z), g)

        return Blocks(z, self.axis).run(vjp, z, g, out=out)

    @final
    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        z = self._checked(x, "x")
        blocks = Blocks(z, self.axis)
        kept = Kept(blocks)

        def value(z: FloatArray) -> FloatArray:
            y = self._value(z)
            # The caller may write into an array that is returned as it is.
            kept.append(y.copy() if blocks.whole else y)
            return y

        y = blocks.run(value, z, out=out)

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = as_cotangent(cotangent, blocks.shape)
            outputs = iter(kept)
            return blocks.run(lambda g: self._vjp(next(outputs), g), g, out=out)

        return y, vjp

    @final
    def gradient_from_output(self, y: ArrayLike, /) -> FloatArray:
        y = self._checked(y, "y")
        work = y.astype(type_of_work(y.dtype), copy=False)
        return self._jacobian(work, y.dtype)

    def _vjp(self, y: FloatArray, g: FloatArray) -> FloatArray:
        return careful(self._vjp_from_output, self._vjp_of_infinite, y, g)

    def _jacobian(self, y: FloatArray, dtype: np.dtype[Any]) -> FloatArray:
        with np.errstate(all="ignore"):
            jacobian = self._jacobian_from_output(np.moveaxis(y, self.axis, -1))
            return jacobian.astype(dtype, copy=False)
