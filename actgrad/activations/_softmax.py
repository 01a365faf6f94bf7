"""Softmax, with a stretch and over any axis."""

import operator
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from actgrad.activations._base import (
    ALERT,
    VJP,
    Activation,
    FloatArray,
    as_cotangent,
    as_float_array,
    evaluate_rows,
    exp_of_product,
    positive_parameter,
    type_of_work,
)


@dataclass(frozen=True)
class Softmax(Activation):
    r"""Softmax, which maps k numbers to k probabilities.

    .. math:: y_i = \frac{e^{s z_i}}{\sum_j e^{s z_j}}, \qquad
              \frac{\partial y_i}{\partial z_j} = s \, y_i (\delta_{ij} - y_j), \qquad
              \frac{\partial L}{\partial z} = s \, y \odot (g - \langle y, g \rangle)

    Parameters
    ----------
    stretch : float, default 1.0
        The factor s, the inverse of a temperature: the larger, the sharper.
    axis : int, default -1
        The axis along which the outputs sum to 1.

    Raises
    ------
    ValueError
        If `stretch` is not a number from 1e-30 to 1e30 or `axis` is not an integer.

    Notes
    -----
    The input must have at least one element along `axis` (else a ``ValueError``). An entry of
    -inf is a mask: its probability and its gradient are 0. Entries of +inf share the
    probability evenly. A row of nothing but -inf has no answer; it gives NaN.

    Subtracting the maximum changes nothing in exact arithmetic; it is done where the row needs
    it, that is, where its exponentials could overflow or all underflow, and the rounding of
    the difference is made good. The product J^T g sees only differences of cotangents, so the
    cotangent of the likeliest class is subtracted first: then saturated rows keep their
    digits. The mean <y, g> is subtracted twice, as the first time it carries the rounding of
    the sum of y. For the same reason the diagonal entry of the likeliest class is y_i times
    the sum of the *other* probabilities, not y_i (1 - y_i).

    References
    ----------
    Source documents 000 (by cases), 002 (stretch, Kronecker delta) and 003 (diag(y) - y y^T and
    the closed product).
    """

    stretch: float = 1.0
    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "stretch", positive_parameter("stretch", self.stretch))
        try:
            axis = operator.index(self.axis)
        except TypeError:
            raise ValueError(
                f"axis must be an integer, got {self.axis!r}; pass e.g. -1"
            ) from None
        object.__setattr__(self, "axis", axis)

    def _value(self, z: FloatArray) -> FloatArray:
        top = z.max(axis=-1, keepdims=True)
        limit = 60 if z.dtype == np.float32 else 600
        plain = self.stretch == 1 and top.min() >= 0 and top.max() <= limit
        e = np.exp(z) if plain else self._shifted_exp(z, top)
        return e / e.sum(axis=-1, keepdims=True)

    def _shifted_exp(self, z: FloatArray, top: FloatArray) -> FloatArray:
        """Return exp(s (z - top)), as if z - top were not rounded."""
        z = np.where(top == np.inf, np.where(z == np.inf, 0, -np.inf), z)
        top = np.where(top == np.inf, 0, top)
        d = z - top
        back = d - z
        lost = np.where(np.isfinite(back), (z - (d - back)) - (top + back), 0)
        e = exp_of_product(self.stretch, d)
        return e + e * (self.stretch * lost)

    def _vjp_from_output(self, y: FloatArray, g: FloatArray) -> FloatArray:
        h = g - g[np.arange(len(y)), y.argmax(axis=-1), np.newaxis]
        h -= np.vecdot(y, h)[:, np.newaxis]
        h -= (y * h).sum(axis=-1, keepdims=True)
        return y * h if self.stretch == 1 else self.stretch * y * h

    def _jacobian_from_output(self, y: FloatArray) -> FloatArray:
        likeliest = np.argmax(y, axis=-1, keepdims=True)
        others = y.copy()
        np.put_along_axis(others, likeliest, 0, axis=-1)
        complement = 1 - y
        np.put_along_axis(complement, likeliest, others.sum(-1, keepdims=True), axis=-1)

        jacobian = -self.stretch * y[..., :, np.newaxis] * y[..., np.newaxis, :]
        np.einsum("...ii->...i", jacobian)[...] = self.stretch * y * complement
        return jacobian

    def _vjp_with_infinities(self, y: FloatArray, g: FloatArray) -> FloatArray:
        """Return the limit of the VJP as all infinite cotangents grow alike."""
        g = np.where((y == 0) & np.isinf(g), 0, g)
        infinite = np.isinf(g).any(axis=-1, keepdims=True)
        dz = self._vjp_from_output(y, np.where(infinite, np.sign(g) * np.isinf(g), g))
        return np.where(infinite & (dz != 0), np.inf * dz, dz)

    def _vjp(self, y: FloatArray, g: FloatArray) -> FloatArray:
        try:
            return ALERT.copy().run(self._vjp_from_output, y, g)
        except FloatingPointError:  # 0 * inf or inf - inf: the flags cost nothing to watch
            return self._vjp_with_infinities(y, g)

    def _checked(self, values: ArrayLike, name: str) -> FloatArray:
        array = as_float_array(values, name)
        if not -array.ndim <= self.axis < array.ndim or array.shape[self.axis] == 0:
            raise ValueError(
                f"softmax over axis {self.axis} needs at least one element there, "
                f"got {name} of shape {array.shape}; pass an array that has that axis"
            )
        return array

    @final
    def __call__(self, x: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        z = self._checked(x, "x")
        (y,) = evaluate_rows(lambda z: (self._value(z),), (z,), self.axis, (z.dtype,), out)
        return y

    @final
    def gradient(self, x: ArrayLike, /) -> FloatArray:
        return self.jacobian(x)

    @final
    def jacobian(self, x: ArrayLike, /) -> FloatArray:
        z = self._checked(x, "x")
        y = Softmax(self.stretch)(np.moveaxis(z, self.axis, -1).astype(type_of_work(z.dtype)))
        with np.errstate(all="ignore"):
            return self._jacobian_from_output(y).astype(z.dtype, copy=False)

    @final
    def vjp(
        self, x: ArrayLike, cotangent: ArrayLike, /, *, out: FloatArray | None = None
    ) -> FloatArray:
        z = self._checked(x, "x")
        g = as_cotangent(cotangent, z.shape)
        (dz,) = evaluate_rows(
            lambda z, g: (self._vjp(self._value(z), g),), (z, g), self.axis, (z.dtype,), out
        )
        return dz

    @final
    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        z = self._checked(x, "x")
        dtype = z.dtype
        # Two copies of y: the caller may write into the one that is returned.
        y, kept = evaluate_rows(
            lambda z: (self._value(z),) * 2, (z,), self.axis, (dtype, type_of_work(dtype)), out
        )

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = as_cotangent(cotangent, kept.shape)
            (dz,) = evaluate_rows(
                lambda y, g: (self._vjp(y, g),), (kept, g), self.axis, (dtype,), out
            )
            return dz

        return y, vjp

    @final
    def gradient_from_output(self, y: ArrayLike, /) -> FloatArray:
        y = self._checked(y, "y")
        rows = np.moveaxis(y, self.axis, -1).astype(type_of_work(y.dtype), copy=False)
        with np.errstate(all="ignore"):
            return self._jacobian_from_output(rows).astype(y.dtype, copy=False)
