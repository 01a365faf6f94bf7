"""Activation functions that map each element by itself, made of a few formulas."""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike

from actgrad.activations._arguments import (
    FloatArray,
    as_cotangent,
    as_float_array,
    check_out,
)
from actgrad.activations._contract import VJP, Activation
from actgrad.activations._driver import (
    QUIET,
    Blocks,
    Kept,
    as_dtype,
    careful,
    element_wise,
    is_one_block,
)


class ElementwiseActivation(Activation):
    r"""An activation that maps each element by itself, y_i = f(x_i).

    .. math:: J_{ij} = f'(x_i) \, \delta_{ij}, \qquad
              \frac{\partial L}{\partial x} = f'(x) \odot g

    Notes
    -----
    A subclass states formulas: each takes a contiguous block of floating-point numbers and
    returns a new array, and need not care for strides, for float16, block sizes or warnings.
    ``_value`` and ``_gradient`` are f and f'. ``_gradient_from_output`` is f' as a function of
    y = f(x); a function that has none names its witness, ``_one_output``, instead.
    ``_value_and_gradient`` is stated where the two have work in common, ``_kept_gradient``
    where f' fits in less memory than an array of numbers.

    A zero derivative stops even an infinite cotangent, and a zero cotangent even an infinite
    derivative: 0 times infinity counts as 0 in the VJP.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from actgrad import ElementwiseActivation
    >>> @dataclass(frozen=True)
    ... class Square(ElementwiseActivation):
    ...     _one_output = (-1.0, 1.0)
    ...
    ...     def _value(self, x):
    ...         return x * x
    ...
    ...     def _gradient(self, x):
    ...         return 2 * x
    >>> Square().vjp([1.0, 2.0], [3.0, 0.5])
    array([6., 2.])
    >>> Square().gradient_from_output(4.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: Square() has no gradient from the output: y = 1 comes from x = -1, where it ...
    """

    _gradient_from_output: ClassVar[Callable[..., FloatArray] | None] = None
    """Return f'(x) as a function of y = f(x)."""

    _one_output: ClassVar[tuple[float, float] | None] = None
    """Two inputs with one output: if their derivatives differ, the output cannot tell them."""

    _value_and_gradient: ClassVar[Callable[..., tuple[FloatArray, FloatArray]] | None] = None
    """Return f(x) and f'(x), the same numbers as each by itself."""

    _kept_gradient: ClassVar[Callable[..., Any] | None] = None
    """Return what to keep for the VJP: anything that gives f'(x) g when multiplied by g.

    A number where f' is constant, or booleans where f' is 0 or 1, save most of the memory.
    """

    _learned: ClassVar[tuple[str, ...]] = ()
    """The parameters that are trained; for each p, ``_by_p(x)`` is df/dp."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        concrete = not getattr(cls._value, "__isabstractmethod__", False)
        if concrete and cls._gradient_from_output is None and cls._one_output is None:
            raise TypeError(
                f"{cls.__name__} does not say whether y determines f'(x); define "
                "_gradient_from_output(self, y), or _one_output = (a, b), two inputs with one "
                "output and different derivatives"
            )

    @abstractmethod
    def _value(self, x: FloatArray) -> FloatArray:
        """Return f(x)."""

    @abstractmethod
    def _gradient(self, x: FloatArray) -> FloatArray:
        """Return f'(x)."""

    @final
    def __call__(self, x: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        x = as_float_array(x, "x")
        return element_wise(self._value, x, out=out)

    @final
    def gradient(self, x: ArrayLike, /) -> FloatArray:
        x = as_float_array(x, "x")
        return element_wise(self._gradient, x)

    @final
    def jacobian(self, x: ArrayLike, /) -> FloatArray:
        gradient = np.atleast_1d(self.gradient(x))
        jacobian = np.zeros((*gradient.shape, gradient.shape[-1]), gradient.dtype)
        np.einsum("...ii->...i", jacobian)[...] = gradient
        return jacobian

    @final
    def vjp(
        self, x: ArrayLike, cotangent: ArrayLike, /, *, out: FloatArray | None = None
    ) -> FloatArray:
        x = as_float_array(x, "x")
        g = as_cotangent(cotangent, x.shape)

        def vjp(x: FloatArray, g: FloatArray, out: FloatArray | None = None) -> FloatArray:
            return _times(self._gradient(x), g, out)

        return element_wise(vjp, x, g, out=out, fills=True)

    @final
    def parameter_vjp(self, x: ArrayLike, cotangent: ArrayLike, /) -> dict[str, float]:
        r"""Return the gradients of a loss with respect to the learned parameters.

        .. math:: \frac{\partial L}{\partial p}
                  = \sum_i \frac{\partial f}{\partial p}(x_i) \, g_i

        Parameters
        ----------
        x : array_like
            Inputs, of any shape.
        cotangent : array_like
            g, the gradient of the loss with respect to the outputs; it broadcasts
            to the shape of `x`.

        Returns
        -------
        dict of str to float
            By the name of the parameter; empty if none is learned. The terms and their sums
            are in float64 or wider.

        Raises
        ------
        ValueError
            If `x` is not numeric, or `cotangent` does not broadcast to its shape.

        Examples
        --------
        >>> from actgrad.activations import PReLU
        >>> PReLU().parameter_vjp([-2.0, 3.0, -1.0], [1.0, 1.0, 0.5])
        {'weight': -2.5}
        """
        x = as_float_array(x, "x")
        g = as_cotangent(cotangent, x.shape)
        wide = x.astype(np.promote_types(x.dtype, np.float64), copy=False)
        found = {}
        for name in self._learned:
            slope = getattr(self, f"_by_{name}")
            products = element_wise(partial(_weighted, slope), wide, g)
            found[name] = float(QUIET.copy().run(np.sum, products))
        return found

    @final
    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        x = as_float_array(x, "x")
        if out is None and is_one_block(x):
            return self._one_block_and_vjp(x)
        blocks = Blocks(x)
        kept = Kept(blocks)
        if hasattr(self._value, "one_pass") and not blocks.whole:
            gradient = self._kept_gradient or self._gradient
            blocks.each(lambda x: kept.append(gradient(x)), x)
            y = element_wise(self._value, x, out=out)
        else:

            def value(x: FloatArray) -> FloatArray:
                y, gradient = self._value_and_kept(x)
                kept.append(gradient)
                return y

            y = blocks.run(value, x, out=out)

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = as_cotangent(cotangent, blocks.shape)
            gradients = iter(kept)

            def times(g: FloatArray, out: FloatArray | None = None) -> FloatArray:
                return _times(next(gradients), g, out)

            return blocks.run(times, g, out=out, fills=True)

        return y, vjp

    def _one_block_and_vjp(self, x: FloatArray) -> tuple[FloatArray, VJP]:
        """Return what `value_and_vjp` does, by the shortest way: it shows on small arrays."""
        y, gradient = QUIET.copy().run(self._value_and_kept, x)
        shape, dtype = x.shape, x.dtype

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = as_cotangent(cotangent, shape)
            if out is not None:
                check_out(out, shape)
            dx = as_dtype(QUIET.copy().run(_times, gradient, g), dtype)
            if out is None:
                return dx
            out[...] = dx
            return out

        return as_dtype(y, dtype), vjp

    def _value_and_kept(self, x: FloatArray) -> tuple[FloatArray, Any]:
        if self._value_and_gradient is not None:
            return self._value_and_gradient(x)
        return self._value(x), (self._kept_gradient or self._gradient)(x)

    @final
    def gradient_from_output(self, y: ArrayLike, /) -> FloatArray:
        y = as_float_array(y, "y")
        if self._one_output is not None:
            self._refuse_if_ambiguous(*self._one_output)
        assert self._gradient_from_output is not None
        return element_wise(self._gradient_from_output, y)

    def _refuse_if_ambiguous(self, a: float, b: float) -> None:
        slope_a, slope_b = self.gradient([a, b])
        if slope_a != slope_b:
            raise ValueError(
                f"{self} has no gradient from the output: y = {self(a):g} comes from "
                f"x = {a:g}, where it is {slope_a:g}, and from x = {b:g}, where it is "
                f"{slope_b:g}; pass the input to gradient(x)"
            )


def _weighted(
    slope: Callable[[FloatArray], FloatArray], x: FloatArray, g: FloatArray
) -> FloatArray:
    return _times(slope(x), g)


def _times(gradient: FloatArray, g: FloatArray, out: FloatArray | None = None) -> FloatArray:
    if out is not None and np.may_share_memory(g, out):
        out = None  # g is needed again if the product is not a number
    return careful(np.multiply, _times_or_0, gradient, g, out=out)


def _times_or_0(gradient: FloatArray, g: FloatArray) -> FloatArray:
    dx = np.where(np.equal(gradient, 0) & np.isinf(g), gradient, gradient * g)
    return np.where(np.equal(g, 0) & np.isinf(gradient), g, dx)
