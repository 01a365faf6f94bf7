"""Log-softmax and its other half, log-sum-exp, whose gradient is softmax."""

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike

from actgrad.activations._arguments import (
    FloatArray,
    as_cotangent,
    as_float_array,
    axis_parameter,
    check_out,
)
from actgrad.activations._contract import VJP
from actgrad.activations._driver import QUIET, Blocks, as_dtype, careful, type_of_work
from actgrad.activations._precise import difference, exp_of_difference
from actgrad.activations._rows import RowActivation, check_axis, complement
from actgrad.activations._softmax import Softmax


def _exponentials(z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the largest z, e^(z - largest), and the sum of these but for the largest's, 1."""
    top = z.max(axis=-1, keepdims=True)
    e = exp_of_difference(1, z, top)
    others = e.copy()
    others[np.arange(len(z)), z.argmax(axis=-1)] = 0
    return top, e, others.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class LogSoftmax(RowActivation):
    r"""The logarithm of softmax, which maps k numbers to k log-probabilities.

    .. math:: y_i = z_i - \ln \sum_j e^{z_j}, \qquad
              \frac{\partial y_i}{\partial z_j} = \delta_{ij} - s_j, \qquad
              \frac{\partial L}{\partial z} = g - s \sum_i g_i, \qquad s = e^y

    Parameters
    ----------
    axis : int, default -1
        The axis along which the probabilities e^y sum to 1.

    Raises
    ------
    ValueError
        If `axis` is not an integer.

    Notes
    -----
    The input must have at least one element along `axis` (else a ``ValueError``). An entry of
    -inf is a mask: its output is -inf, and the others do not feel it. Entries of +inf share
    the probability evenly. A row of nothing but -inf has no answer; it gives NaN.

    The largest term stands apart, ln(1 + the sum of the others), so that the output of a class
    that is all but certain keeps its digits; for the same reason 1 - s_i is the sum of
    the other s_j there. The logarithm of a rounded softmax has neither, and is -inf from about
    -745 on. From y alone, s_j is as exact as y tells: its relative error grows with abs(y_j).

    Examples
    --------
    >>> from actgrad import LogSoftmax
    >>> print(LogSoftmax()([0.0, 40.0]))
    [-4.00000000e+01 -4.24835426e-18]

    References
    ----------
    ``bridle1990`` in the book's bibliography.
    """

    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", axis_parameter(self.axis))

    def _value(self, z: FloatArray) -> FloatArray:
        return self._value_and_probabilities(z)[0]

    def _value_and_probabilities(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        top, e, others = _exponentials(z)
        return difference(z, top) - np.log1p(others), e / (1 + others)

    def _probabilities(self, y: FloatArray) -> FloatArray:
        return np.exp(y)

    def _vjp_from_probabilities(self, p: FloatArray, g: FloatArray) -> FloatArray:
        likeliest = np.arange(len(p)), p.argmax(axis=-1)
        others = g.copy()
        others[likeliest] = 0
        rest = others.sum(axis=-1)
        dz = g - p * (g[likeliest] + rest)[:, np.newaxis]
        dz[likeliest] = complement(p)[likeliest] * g[likeliest] - p[likeliest] * rest
        return dz

    def _diagonal(self, p: FloatArray) -> FloatArray:
        return complement(p)

    def _off_diagonal(self, p: FloatArray) -> FloatArray:
        return np.repeat(-p[..., np.newaxis, :], p.shape[-1], axis=-2)


@dataclass(frozen=True)
class LogSumExp:
    r"""The logarithm of a sum of exponentials: a smooth maximum, which maps k numbers to one.

    .. math:: y = \ln \sum_j e^{z_j}, \qquad
              \frac{\partial y}{\partial z_j} = \frac{e^{z_j}}{\sum_l e^{z_l}}
              = \operatorname{softmax}(z)_j, \qquad
              \frac{\partial L}{\partial z} = g \operatorname{softmax}(z)

    Parameters
    ----------
    axis : int, default -1
        The axis along which the sum runs. The output has lost it.

    Raises
    ------
    ValueError
        If `axis` is not an integer.

    Notes
    -----
    It is no `Activation`, which keeps the shape of its input, but has the same methods. For x
    of shape (..., k) the output and the cotangent have the shape (...), the gradient and the
    VJP that of x, and the Jacobian has one row: (..., 1, k). Inputs and dtypes are as
    `Activation` says. The output does not determine the gradient.

    The error of the value is at most 4 units in the last place of the larger of abs(y) and
    abs(max z): near a root of y the two terms of max z + ln(1 + the sum of the others)
    cancel. A row of nothing but -inf has the value -inf, the logarithm of 0, and no gradient:
    it gives NaN. A single +inf takes the whole gradient, several share it.

    Examples
    --------
    >>> from actgrad import LogSumExp
    >>> f = LogSumExp()
    >>> print(f([1000.0, 1000.0]), f.gradient([1000.0, 1000.0]))
    1000.6931471805599 [0.5 0.5]
    >>> f.gradient_from_output(1.0)
    Traceback (most recent call last):
        ...
    ValueError: LogSumExp(axis=-1) has no gradient from the output: (0, 0) and (log 2, -inf) ...

    References
    ----------
    ``bridle1990`` in the book's bibliography.
    """

    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", axis_parameter(self.axis))

    def __call__(self, x: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        """Return y, of the shape of `x` without the axis; `out` is where to write it."""
        z = check_axis(as_float_array(x, "x"), self.axis, self, "x")
        rows = np.moveaxis(z, self.axis, -1)
        if out is not None:
            check_out(out, rows.shape[:-1])
        flat = rows.reshape(-1, rows.shape[-1]).astype(type_of_work(z.dtype), copy=False)
        y = as_dtype(QUIET.copy().run(self._value, flat), z.dtype).reshape(rows.shape[:-1])
        if out is None:
            return y[()]
        out[...] = y
        return out

    def gradient(self, x: ArrayLike, /) -> FloatArray:
        """Return dy/dx, of the shape of `x`: its softmax."""
        return Softmax(axis=self.axis)(check_axis(as_float_array(x, "x"), self.axis, self, "x"))

    def jacobian(self, x: ArrayLike, /) -> FloatArray:
        """Return the gradient as a matrix of one row, (..., 1, k), with the axis at the end."""
        return np.moveaxis(self.gradient(x), self.axis, -1)[..., np.newaxis, :]

    def vjp(
        self, x: ArrayLike, cotangent: ArrayLike, /, *, out: FloatArray | None = None
    ) -> FloatArray:
        """Return dL/dx, of the shape of `x`, from dL/dy, of the shape of y."""
        return self.value_and_vjp(x)[1](cotangent, out=out)

    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        """Return y and the function that takes dL/dy to dL/dx; it keeps the softmax of `x`."""
        y = self(x, out=out)
        s = self.gradient(x)
        shape = np.shape(y)

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = np.expand_dims(as_cotangent(cotangent, shape), self.axis)
            blocks = Blocks(s, self.axis)
            return blocks.run(self._times, s, np.broadcast_to(g, s.shape), out=out)

        return y, vjp

    def gradient_from_output(self, y: ArrayLike, /) -> NoReturn:
        """Raise a ``ValueError``: many inputs with one output have other gradients."""
        raise ValueError(
            f"{self} has no gradient from the output: (0, 0) and (log 2, -inf) both give "
            "y = log 2, with the gradients (1/2, 1/2) and (1, 0); pass the input to gradient(x)"
        )

    def _value(self, z: FloatArray) -> FloatArray:
        top, _, others = _exponentials(z)
        return np.where(np.isneginf(top), top, top + np.log1p(others))[:, 0]

    def _times(self, s: FloatArray, g: FloatArray) -> FloatArray:
        # A masked entry does not move the output: 0 times infinity is 0 there.
        return careful(np.multiply, lambda s, g: np.where(s == 0, s, s * g), s, g)
