"""What every activation function promises."""

from abc import ABC, abstractmethod
from typing import Protocol

from numpy.typing import ArrayLike

from actgrad.activations._arguments import FloatArray


class VJP(Protocol):
    """A vector-Jacobian product whose input is already fixed: dL/dx from dL/dy."""

    def __call__(self, cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        """Return dL/dx for the cotangent dL/dy."""
        ...


class Activation(ABC):
    r"""An activation function y = f(x) with its derivatives, as one immutable object.

    .. math:: J_{ij} = \frac{\partial y_i}{\partial x_j}, \qquad
              \frac{\partial L}{\partial x} = J^{\mathsf T} g, \qquad
              g = \frac{\partial L}{\partial y}

    Notes
    -----
    Inputs are anything that :func:`numpy.asarray` takes. float16, float32, float64 and
    longdouble keep their dtype (float16 is computed in float32 and rounded once), bool and
    integers become float64, and everything else is a ``TypeError``. No call warns, and no NaN
    comes from an input without one, but where there is no limit: of a wave at infinity, of a
    row of nothing but -inf. A 0-d input gives a NumPy scalar, as with ufuncs.

    Two activations are equal when they are of one class and have equal parameters; they can
    be hashed and pickled.
    """

    @abstractmethod
    def __call__(self, x: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        """Return y = f(x).

        Parameters
        ----------
        x : array_like of real numbers, any shape
            The input.
        out : ndarray of the shape of `x`, optional
            Where to write y; it may be `x` itself.

        Returns
        -------
        ndarray of the shape and dtype of `x`
            The output y, or `out` if that was given.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers, or `out` cannot hold floating-point numbers.
        ValueError
            If `out` has another shape than `x`.
        """

    @abstractmethod
    def gradient(self, x: ArrayLike, /) -> FloatArray:
        """Return the derivative of f at the input `x`.

        Parameters
        ----------
        x : array_like of real numbers, any shape
            The *input* of f, not its output: for that see `gradient_from_output`.

        Returns
        -------
        ndarray of the dtype of `x`
            Element-wise functions: f'(x), of the shape of `x`, the diagonal of the Jacobian.
            Vector functions: the Jacobian, as `jacobian` returns it.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        """

    @abstractmethod
    def jacobian(self, x: ArrayLike, /) -> FloatArray:
        """Return the full Jacobian, ``[..., i, j]`` = dy_i/dx_j.

        Parameters
        ----------
        x : array_like of real numbers, shape (..., k)
            The input; a 0-d input counts as a vector of one element.

        Returns
        -------
        ndarray of shape (..., k, k) and the dtype of `x`
            One k by k matrix for each vector along the last axis (for softmax: along its
            ``axis``, which is moved to the end).

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        """

    @abstractmethod
    def vjp(
        self, x: ArrayLike, cotangent: ArrayLike, /, *, out: FloatArray | None = None
    ) -> FloatArray:
        """Return dL/dx = J^T g without ever forming J.

        Parameters
        ----------
        x : array_like of real numbers, any shape
            The input of f.
        cotangent : array_like of real numbers that broadcasts to the shape of `x`
            The upstream gradient g = dL/dy.
        out : ndarray of the shape of `x`, optional
            Where to write dL/dx; it may be `x` or `cotangent` itself.

        Returns
        -------
        ndarray of the shape and dtype of `x`
            dL/dx, or `out` if that was given.

        Raises
        ------
        TypeError
            If `x` or `cotangent` does not hold real numbers.
        ValueError
            If `cotangent` does not broadcast to the shape of `x`, or `out` has another shape.
        """

    @abstractmethod
    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        """Return y = f(x) and the function that takes dL/dy to dL/dx.

        Parameters
        ----------
        x : array_like of real numbers, any shape
            The input of f.
        out : ndarray of the shape of `x`, optional
            Where to write y; it may be `x` itself.

        Returns
        -------
        y : ndarray of the shape and dtype of `x`
            The output, equal to ``f(x)``.
        vjp : callable
            ``vjp(cotangent, out=None)`` equals ``f.vjp(x, cotangent, out=None)`` but reuses
            what the forward pass computed. It keeps its own arrays: neither `x` nor `y` need
            stay as they are.

        Raises
        ------
        TypeError, ValueError
            As `__call__` and `vjp` do.
        """

    @abstractmethod
    def gradient_from_output(self, y: ArrayLike, /) -> FloatArray:
        """Return the derivative of f from its *output* y = f(x).

        Parameters
        ----------
        y : array_like of real numbers, any shape
            The output of f, not its input: for that see `gradient`.

        Returns
        -------
        ndarray of the dtype of `y`
            What ``f.gradient(x)`` returns, as exactly as `y` tells it.

        Raises
        ------
        TypeError
            If `y` does not hold real numbers.
        ValueError
            If the output does not determine the gradient.
        """
