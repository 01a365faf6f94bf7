"""Activation functions that map vectors to vectors of the same length, row by row."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike

from actgrad.activations._arguments import FloatArray, as_cotangent, as_float_array
from actgrad.activations._contract import VJP, Activation
from actgrad.activations._driver import Blocks, Kept, careful, type_of_work


def check_axis(array: FloatArray, axis: int, function: Any, name: str) -> FloatArray:
    """Return an array that has an element along the axis of a function of rows."""
    if not -array.ndim <= axis < array.ndim or array.shape[axis] == 0:
        raise ValueError(
            f"{type(function).__name__.lower()} over axis {axis} needs at least one element "
            f"there, got {name} of shape {array.shape}; pass an array that has that axis"
        )
    return array


def complement(p: FloatArray) -> FloatArray:
    """Return 1 - p; for the likeliest class, the sum of the others, which keeps its digits."""
    likeliest = np.argmax(p, axis=-1, keepdims=True)
    others = p.copy()
    np.put_along_axis(others, likeliest, 0 * p.max(axis=-1, keepdims=True), axis=-1)  # or NaN
    result: FloatArray = 1 - p
    np.put_along_axis(result, likeliest, others.sum(axis=-1, keepdims=True), axis=-1)
    return result


class RowActivation(Activation):
    r"""An activation that maps each vector along one axis; probabilities p determine its J.

    .. math:: y = f(z), \qquad J_{ij} = \frac{\partial y_i}{\partial z_j}, \qquad
              \frac{\partial L}{\partial z} = J^{\mathsf T} g

    Notes
    -----
    A subclass has a field ``axis`` and states formulas for n rows of k floating-point numbers,
    shape (n, k): each returns new arrays, treats each row by itself, and need not care for
    axes, float16, block sizes or warnings. A result does not depend on the other rows, to the
    last bit. Where p is not the output itself, ``_value_and_probabilities`` returns both and
    ``_probabilities`` returns p from y.

    An output whose entry on the diagonal of J is 0 does not move at all: even an infinite
    cotangent counts for nothing there. Otherwise J^T g for infinite cotangents is its limit
    as all of them grow alike.
    """

    axis: int

    _value_and_probabilities: ClassVar[Callable[..., tuple[FloatArray, FloatArray]] | None] = (
        None
    )
    """Return f(z) and p, if p is not f(z)."""

    _probabilities: ClassVar[Callable[..., FloatArray] | None] = None
    """Return p from f(z), if p is not f(z)."""

    @abstractmethod
    def _value(self, z: FloatArray) -> FloatArray:
        """Return f(z)."""

    @abstractmethod
    def _vjp_from_probabilities(self, p: FloatArray, g: FloatArray) -> FloatArray:
        """Return J^T g."""

    @abstractmethod
    def _diagonal(self, p: FloatArray) -> FloatArray:
        """Return the entries of J on its diagonal, of the shape of `p`, (..., k)."""

    @abstractmethod
    def _off_diagonal(self, p: FloatArray) -> FloatArray:
        """Return J, of shape (..., k, k), right off the diagonal."""

    def _checked(self, values: ArrayLike, name: str) -> FloatArray:
        return check_axis(as_float_array(values, name), self.axis, self, name)

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
        work = z.astype(type_of_work(z.dtype), copy=False)
        p = Blocks(work, self.axis).run(lambda z: self._both(z)[1], work)
        return self._jacobian(p, z.dtype)

    @final
    def vjp(
        self, x: ArrayLike, cotangent: ArrayLike, /, *, out: FloatArray | None = None
    ) -> FloatArray:
        z = self._checked(x, "x")
        g = as_cotangent(cotangent, z.shape)

        def vjp(z: FloatArray, g: FloatArray) -> FloatArray:
            return self._vjp(self._both(z)[1], g)

        return Blocks(z, self.axis).run(vjp, z, g, out=out)

    @final
    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        z = self._checked(x, "x")
        blocks = Blocks(z, self.axis)
        kept = Kept(blocks)

        def value(z: FloatArray) -> FloatArray:
            y, p = self._both(z)
            # The caller may write into an array that is returned as it is.
            kept.append(p.copy() if p is y and blocks.whole else p)
            return y

        y = blocks.run(value, z, out=out)

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = as_cotangent(cotangent, blocks.shape)
            probabilities = iter(kept)
            return blocks.run(lambda g: self._vjp(next(probabilities), g), g, out=out)

        return y, vjp

    @final
    def gradient_from_output(self, y: ArrayLike, /) -> FloatArray:
        y = self._checked(y, "y")
        p = y.astype(type_of_work(y.dtype), copy=False)
        if self._probabilities is not None:
            p = Blocks(p, self.axis).run(self._probabilities, p)
        return self._jacobian(p, y.dtype)

    def _both(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        if self._value_and_probabilities is not None:
            return self._value_and_probabilities(z)
        y = self._value(z)
        return y, y

    def _vjp(self, p: FloatArray, g: FloatArray) -> FloatArray:
        return careful(self._vjp_from_probabilities, self._vjp_of_large, p, g)

    def _vjp_of_large(self, p: FloatArray, g: FloatArray) -> FloatArray:
        """Return J^T g for cotangents that are infinite, or too large for their sum."""
        g = np.where((self._diagonal(p) == 0) & np.isinf(g), 0, g)
        infinite = np.isinf(g).any(axis=-1, keepdims=True)
        signs = np.where(infinite, np.sign(g) * np.isinf(g), g)
        dz = self._vjp_from_probabilities(p, signs)
        right = np.isfinite(dz).all(axis=-1, keepdims=True) | infinite
        dz = np.where(infinite & (dz != 0), np.inf * dz, dz)
        if right.all():
            return dz
        scale = 4.0 * 2 ** p.shape[-1].bit_length()
        return np.where(right, dz, scale * self._vjp_from_probabilities(p, g / scale))

    def _jacobian(self, p: FloatArray, dtype: np.dtype[Any]) -> FloatArray:
        with np.errstate(all="ignore"):
            p = np.moveaxis(p, self.axis, -1)
            jacobian = self._off_diagonal(p)
            np.einsum("...ii->...i", jacobian)[...] = self._diagonal(p)
            return jacobian.astype(dtype, copy=False)
