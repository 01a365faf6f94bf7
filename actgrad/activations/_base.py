"""What every activation function promises, and the one driver that runs the formulas."""

import contextvars
import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

# A block, its results and a temporary stay in the second-level cache; in smaller blocks the
# calls themselves begin to show.
BLOCK_BYTES = 256 * 1024

FloatArray = NDArray[np.floating[Any]]


def _floating_point_errors(**reactions: Any) -> contextvars.Context:
    context = contextvars.Context()
    context.run(np.seterr, **reactions)
    return context


# Running a function in a copy of a prepared context costs a tenth of np.errstate.
QUIET = _floating_point_errors(all="ignore")
ALERT = _floating_point_errors(all="ignore", invalid="raise")


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
    comes from an input without one. A 0-d input gives a NumPy scalar, as with ufuncs.

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


class ElementwiseActivation(Activation):
    r"""An activation that maps each element by itself, y_i = f(x_i).

    .. math:: J_{ij} = f'(x_i) \, \delta_{ij}, \qquad
              \frac{\partial L}{\partial x} = f'(x) \odot g

    Notes
    -----
    A subclass states four formulas for one block of floating-point numbers. Each writes its
    result into the array it is given, or returns a new one, and need not care for dtypes,
    block sizes or warnings. A zero derivative stops even an infinite cotangent: 0 times
    infinity counts as 0 in the VJP, as f is constant there.
    """

    _constant_gradient: ClassVar[float | None] = None
    """f'(x), if it is one number for all x: then `value_and_vjp` keeps no array of it."""

    @abstractmethod
    def _value(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        """Return f(x), written to `y` if that is given; `y` may be `x` itself."""

    @abstractmethod
    def _gradient(self, x: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        """Return f'(x), written to `dy` if that is given."""

    @abstractmethod
    def _value_and_gradient(
        self, x: FloatArray, y: FloatArray | None = None, dy: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return f(x) and f'(x), sharing what they have in common; `y` is never `x` itself."""

    @abstractmethod
    def _gradient_from_output(self, y: FloatArray, dy: FloatArray | None = None) -> FloatArray:
        """Return f'(x) as a function of y = f(x), or raise ValueError if there is none."""

    @final
    def __call__(self, x: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
        x = as_float_array(x, "x")
        return evaluate(self._value, (x,), x.dtype, out)

    @final
    def gradient(self, x: ArrayLike, /) -> FloatArray:
        x = as_float_array(x, "x")
        return evaluate(self._gradient, (x,), x.dtype)

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

        def vjp(x: FloatArray, g: FloatArray, dx: FloatArray | None = None) -> FloatArray:
            return _times(self._gradient(x), g, dx)

        return evaluate(vjp, (x, g), x.dtype, out)

    @final
    def value_and_vjp(
        self, x: ArrayLike, /, *, out: FloatArray | None = None
    ) -> tuple[FloatArray, VJP]:
        x = as_float_array(x, "x")
        dtype = x.dtype
        if self._constant_gradient is None:
            y, gradient = evaluate_pair(self._value_and_gradient, x, out)
        else:
            y = evaluate(self._value, (x,), dtype, out)
            slope = np.asarray(self._constant_gradient, type_of_work(dtype))
            gradient = np.broadcast_to(slope, x.shape)

        def vjp(cotangent: ArrayLike, /, *, out: FloatArray | None = None) -> FloatArray:
            g = as_cotangent(cotangent, gradient.shape)
            return evaluate(_times, (gradient, g), dtype, out)

        return y, vjp

    @final
    def gradient_from_output(self, y: ArrayLike, /) -> FloatArray:
        y = as_float_array(y, "y")
        return evaluate(self._gradient_from_output, (y,), y.dtype)


def _times(gradient: FloatArray, g: FloatArray, dx: FloatArray | None = None) -> FloatArray:
    # The processor notes 0 * inf in its flags at no cost; a test of every element would not
    # be free. The product is taken again then, so it must not have gone into g.
    if dx is not None and np.may_share_memory(g, dx):
        dx = None
    try:
        return ALERT.copy().run(np.multiply, gradient, g, out=dx)
    except FloatingPointError:
        return np.where((gradient == 0) & np.isinf(g), gradient, gradient * g)


def as_float_array(values: ArrayLike, name: str) -> FloatArray:
    """Return real numbers as a floating-point array in the machine's byte order."""
    array = np.asarray(values)
    dtype = array.dtype
    if dtype.kind == "f":
        return array if dtype.isnative else array.astype(dtype.newbyteorder("="))
    if dtype.kind in "biu":
        return array.astype(np.float64)
    raise TypeError(
        f"{name} must hold real numbers, got dtype {dtype}; "
        "pass an array of floats, integers or booleans"
    )


def as_cotangent(values: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return a cotangent as a floating-point array of the shape of the output."""
    g = as_float_array(values, "cotangent")
    if g.shape == shape:
        return g
    try:
        return np.broadcast_to(g, shape)
    except ValueError:
        raise ValueError(
            f"cotangent of shape {g.shape} does not broadcast to the output's shape {shape}; "
            "pass dL/dy, one number for each output"
        ) from None


def check_out(out: FloatArray, shape: tuple[int, ...]) -> None:
    """Refuse an `out` that cannot take floating-point numbers of the given shape."""
    if not (isinstance(out, np.ndarray) and out.dtype.kind == "f"):
        got = f"dtype {out.dtype}" if isinstance(out, np.ndarray) else type(out).__name__
        raise TypeError(f"out must be a floating-point ndarray, got {got}")
    if out.shape != shape:
        raise ValueError(f"out has shape {out.shape}, but the result has shape {shape}")


def real_parameter(name: str, value: float) -> float:
    """Return a parameter as a Python float, which unlike a NumPy scalar keeps dtypes alone."""
    try:
        return float(operator.truediv(value, 1))
    except TypeError:
        raise ValueError(f"{name} must be a real number, got {value!r}") from None


def positive_parameter(name: str, value: float) -> float:
    """Return a positive parameter as a Python float that float32 can hold, and its inverse."""
    number = real_parameter(name, value)
    if not 1e-30 <= number <= 1e30:
        raise ValueError(
            f"{name} must be positive, from 1e-30 to 1e30, got {value!r}; pass e.g. 1.0"
        )
    return number


def exp_of_product(
    factor: float, x: FloatArray, *, out: FloatArray | None = None
) -> FloatArray:
    """Return exp(factor x) for factor > 0, as if the product were not rounded.

    It must not overflow.

    The exponential magnifies the rounding of its argument: 0.5 ULP of 700 are 350 ULP of the
    result. So the argument is split into a part that is exact and a small rest.
    """
    if factor == 1:
        return np.exp(x, out=out)
    # factor x = m a with m in [1/2, 1); below a = -2^15 the result is 0 in every precision.
    m, exponent = math.frexp(factor)
    a = (x * 2.0**exponent).clip(-(2.0**15), 2.0**15)
    # The product of two numbers of half the bits is exact (Veltkamp and Dekker).
    half = (np.finfo(x.dtype).nmant + 1) // 2
    spread = (2.0 ** (half + 1) + 1) * a
    a_high = spread - (spread - a)
    m_high = math.ldexp(math.floor(math.ldexp(m, half)), -half)
    rest = np.exp(m_high * (a - a_high) + (m - m_high) * a)
    return np.multiply(np.exp(m_high * a_high), rest, out=out)


def type_of_work(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype to compute in: float16 is computed in float32 and rounded once."""
    return np.dtype(np.float32) if dtype.itemsize < 4 else dtype


def evaluate(
    formula: Callable[..., FloatArray],
    operands: tuple[FloatArray, ...],
    dtype: np.dtype[Any],
    out: FloatArray | None = None,
) -> FloatArray:
    """Run an element-wise formula over arrays of one shape, one cache-sized block at a time.

    Parameters
    ----------
    formula : callable
        Takes one block of each operand and a block to write the result to, which it may
        ignore and return a new one.
    operands : tuple of ndarray
        Floating-point arrays of one shape; the first sets the precision of the work.
    dtype : dtype
        The dtype of the result.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray
        The result; a NumPy scalar where the operands are 0-d.
    """
    if out is not None:
        check_out(out, operands[0].shape)
    return QUIET.copy().run(_evaluate, formula, operands, dtype, out)


def _evaluate(
    formula: Callable[..., FloatArray],
    operands: tuple[FloatArray, ...],
    dtype: np.dtype[Any],
    out: FloatArray | None,
) -> FloatArray:
    x = operands[0]
    if x.nbytes > BLOCK_BYTES:
        out = np.empty_like(x, dtype) if out is None else out
        _run(lambda *blocks: (formula(*blocks),), operands, (out,))
        return out
    if x.ndim and x.itemsize >= 4:
        result = formula(*operands)
        if out is None and result.dtype is dtype:
            return result
    else:
        result = formula(_as_work(x), *operands[1:])
    return _as_result(result, dtype, x.ndim, out)


def evaluate_pair(
    formula: Callable[..., tuple[FloatArray, FloatArray]],
    x: FloatArray,
    out: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Run a formula for a value and a gradient, as `evaluate` does for one result.

    Parameters
    ----------
    formula : callable
        Takes one block of `x` and two to write the results to, returns both results.
    x : ndarray
        A floating-point array.
    out : ndarray, optional
        Where to write the value.

    Returns
    -------
    value : ndarray of the dtype of `x`
        The first result, or `out`.
    gradient : ndarray
        The second result, in the precision of the work.
    """
    if out is not None:
        check_out(out, x.shape)
    return QUIET.copy().run(_evaluate_pair, formula, x, out)


def _evaluate_pair(
    formula: Callable[..., tuple[FloatArray, FloatArray]], x: FloatArray, out: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    work = type_of_work(x.dtype)
    if x.nbytes > BLOCK_BYTES:
        out = np.empty_like(x) if out is None else out
        gradient = np.empty_like(x, work)
        _run(formula, (x,), (out, gradient), in_place=False)
        return out, gradient
    value, gradient = formula(_as_work(x))
    return _as_result(value, x.dtype, x.ndim, out), _as_result(gradient, work, x.ndim)


def _run(
    formula: Callable[..., tuple[FloatArray, ...]],
    operands: tuple[FloatArray, ...],
    results: tuple[FloatArray, ...],
    *,
    in_place: bool = True,
) -> None:
    work = type_of_work(operands[0].dtype)
    direct = all(result.dtype == work for result in results)
    # Without this flag an operand that is also a result is copied first.
    overlap = ["overlap_assume_elementwise"] if in_place else []
    reads: Any = [["readonly", *overlap]] * len(operands)
    writes: Any = [["writeonly", *overlap]] * len(results)
    with np.nditer(
        [*operands, *results],
        flags=["external_loop", "buffered", "copy_if_overlap"],
        op_flags=[*reads, *writes],
        buffersize=BLOCK_BYTES // work.itemsize,
    ) as iterator:
        for x, *rest in iterator:
            others, targets = rest[: len(operands) - 1], rest[len(operands) - 1 :]
            blocks = formula(_as_work(x), *others, *(targets if direct else ()))
            for target, block in zip(targets, blocks, strict=True):
                if block is not target:
                    target[...] = block


def _as_work(x: FloatArray) -> FloatArray:
    x = x if x.itemsize >= 4 else x.astype(np.float32)
    return x if x.ndim else x.reshape(1)  # so that a formula can work in place


def _as_result(
    result: FloatArray, dtype: np.dtype[Any], ndim: int, out: FloatArray | None = None
) -> FloatArray:
    result = result if result.dtype is dtype else result.astype(dtype, copy=False)
    if out is None:
        return result if ndim else result[0]
    out[...] = result
    return out


def evaluate_rows(
    formula: Callable[..., tuple[FloatArray, ...]],
    operands: tuple[FloatArray, ...],
    axis: int,
    dtypes: tuple[np.dtype[Any], ...],
    out: FloatArray | None = None,
) -> tuple[FloatArray, ...]:
    """Run a formula for rows over arrays of one shape, a cache-sized block of rows at a time.

    Parameters
    ----------
    formula : callable
        Takes one block of rows, shape (n, k), of each operand; returns a tuple of new blocks
        of that shape, one for each result.
    operands : tuple of ndarray
        Floating-point arrays of one shape; the first sets the precision of the work.
    axis : int
        The axis along which a row lies.
    dtypes : tuple of dtype
        The dtype of each result.
    out : ndarray, optional
        Where to write the first result.

    Returns
    -------
    tuple of ndarray
        The results, of the shape of the operands.
    """
    if out is not None:
        check_out(out, operands[0].shape)
    return QUIET.copy().run(_evaluate_rows, formula, operands, axis, dtypes, out)


def _evaluate_rows(
    formula: Callable[..., tuple[FloatArray, ...]],
    operands: tuple[FloatArray, ...],
    axis: int,
    dtypes: tuple[np.dtype[Any], ...],
    out: FloatArray | None,
) -> tuple[FloatArray, ...]:
    shape = operands[0].shape
    work = type_of_work(operands[0].dtype)
    last = axis in (-1, len(shape) - 1)
    moved = [operand if last else np.moveaxis(operand, axis, -1) for operand in operands]
    k = moved[0].shape[-1]
    x, *others = [operand.reshape(-1, k) for operand in moved]
    step = max(1, BLOCK_BYTES // (k * work.itemsize))
    # NumPy sums pairwise, that is accurately, only where a row lies in one piece.
    if 0 < len(x) <= step:
        blocks = formula(np.ascontiguousarray(x, work), *others)
        results = [block.astype(dtype) for block, dtype in zip(blocks, dtypes, strict=True)]
    else:
        results = [np.empty(x.shape, dtype) for dtype in dtypes]
        for start in range(0, len(x), step):
            rows = slice(start, start + step)
            first = np.ascontiguousarray(x[rows], work)
            blocks = formula(first, *(other[rows] for other in others))
            for result, block in zip(results, blocks, strict=True):
                result[rows] = block
    arrays = [result.reshape(moved[0].shape) for result in results]
    arrays = arrays if last else [np.moveaxis(array, -1, axis) for array in arrays]
    if out is not None:
        out[...] = arrays[0]
        arrays[0] = out
    return tuple(arrays)
