"""Gated pairs: two halves of a layer's output, one of which is a gate for the other."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import ArrayLike

from actgrad.activations._arguments import (
    FloatArray,
    as_cotangent,
    as_float_array,
    axis_parameter,
    positive_parameter,
)
from actgrad.activations._driver import QUIET, as_dtype, careful, type_of_work
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.activations._linear import Linear
from actgrad.activations._relu import ReLU
from actgrad.activations._sigmoid import Sigmoid

Half = Literal["first", "second", "even", "odd"]
Pair = tuple[FloatArray, FloatArray]

_PLACES: dict[str, tuple[slice, slice]] = {
    "even": (slice(0, None, 2), slice(1, None, 2)),
    "odd": (slice(1, None, 2), slice(0, None, 2)),
}


class GatedPair(ABC):
    r"""A function of two arrays, the product of a function of the one and of the other.

    .. math:: y = p(a) \, q(b), \qquad
              \frac{\partial L}{\partial a} = p'(a) \, q(b) \odot g, \qquad
              \frac{\partial L}{\partial b} = p(a) \, q'(b) \odot g

    Notes
    -----
    One of the two is the gate: ``gate`` says which, ``"a"`` or ``"b"``. A layer computes both
    at once, and frameworks disagree about where the gate then lies: `split` asks for it.

    The arrays have one shape, and may be anything that `Activation` takes; the results have
    their common dtype. No call warns, and no NaN comes from inputs without one: a factor of 0
    stops even an infinite one.

    A subclass states p and q, ``_of_a`` and ``_of_b``, as element-wise activations.
    """

    gate: ClassVar[Literal["a", "b"]]

    @property
    @abstractmethod
    def _of_a(self) -> ElementwiseActivation:
        """The function p."""

    @property
    @abstractmethod
    def _of_b(self) -> ElementwiseActivation:
        """The function q."""

    @final
    def __call__(self, a: ArrayLike, b: ArrayLike, /) -> FloatArray:
        """Return y = p(a) q(b).

        Parameters
        ----------
        a, b : array_like of real numbers, of one shape
            The two halves.

        Returns
        -------
        ndarray of that shape, of the common dtype
            The output y.

        Raises
        ------
        TypeError
            If they do not hold real numbers.
        ValueError
            If their shapes differ.
        """
        a, b, dtype = _pair(a, b)
        return _product(self._of_a(a), self._of_b(b), dtype)

    @final
    def gradient(self, a: ArrayLike, b: ArrayLike, /) -> Pair:
        """Return dy/da and dy/db, each element by element.

        Parameters
        ----------
        a, b : array_like of real numbers, of one shape
            The two halves.

        Returns
        -------
        tuple of two ndarray of that shape
            p'(a) q(b) and p(a) q'(b).

        Raises
        ------
        TypeError, ValueError
            As `__call__` does.
        """
        a, b, dtype = _pair(a, b)
        by_a, by_b = self._slopes(a, b)
        return as_dtype(by_a, dtype), as_dtype(by_b, dtype)

    @final
    def vjp(self, a: ArrayLike, b: ArrayLike, cotangent: ArrayLike, /) -> Pair:
        """Return dL/da and dL/db for the cotangent g = dL/dy.

        Parameters
        ----------
        a, b : array_like of real numbers, of one shape
            The two halves.
        cotangent : array_like of real numbers that broadcasts to that shape
            The upstream gradient g.

        Returns
        -------
        tuple of two ndarray of that shape
            dL/da and dL/db.

        Raises
        ------
        TypeError, ValueError
            As `__call__` does, and if `cotangent` does not broadcast.
        """
        a, b, dtype = _pair(a, b)
        return _vjp(self._slopes(a, b), cotangent, dtype)

    @final
    def value_and_vjp(
        self, a: ArrayLike, b: ArrayLike, /
    ) -> tuple[FloatArray, Callable[[ArrayLike], Pair]]:
        """Return y and the function that takes dL/dy to dL/da and dL/db.

        Parameters
        ----------
        a, b : array_like of real numbers, of one shape
            The two halves; nothing of them is kept.

        Returns
        -------
        y : ndarray of that shape
            The output, equal to ``f(a, b)``.
        vjp : callable
            ``vjp(cotangent)`` equals ``f.vjp(a, b, cotangent)``.

        Raises
        ------
        TypeError, ValueError
            As `__call__` and `vjp` do.
        """
        a, b, dtype = _pair(a, b)
        y, slopes = _product(self._of_a(a), self._of_b(b), dtype), self._slopes(a, b)
        return y, lambda cotangent, /: _vjp(slopes, cotangent, dtype)

    @final
    def split(self, x: ArrayLike, /, *, gate: Half, axis: int = -1) -> Pair:
        """Return the halves of an array, in the order in which the function takes them.

        Parameters
        ----------
        x : array_like of real numbers
            The output of one layer, an even number of entries along the axis.
        gate : {"first", "second", "even", "odd"}
            Which half is the gate: the first or the second half, or every second entry,
            counted from 0.
        axis : int, default -1
            The axis that is halved.

        Returns
        -------
        tuple of two ndarray
            a and b; views, where `x` is an array of floats.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If the axis does not exist or cannot be halved, or `gate` is none of the four.
        """
        x, axis = as_float_array(x, "x"), axis_parameter(axis)
        if not -x.ndim <= axis < x.ndim or x.shape[axis] % 2:
            raise ValueError(
                f"x of shape {x.shape} cannot be halved along axis {axis}; pass an array with "
                "an even number of entries there"
            )
        own, other = (x[place] for place in self._places(gate, x.shape, axis))
        return (own, other) if self.gate == "a" else (other, own)

    @final
    def join(self, a: ArrayLike, b: ArrayLike, /, *, gate: Half, axis: int = -1) -> FloatArray:
        """Return the array whose halves `split` returns: dL/dx from dL/da and dL/db.

        Parameters
        ----------
        a, b : array_like of real numbers, of one shape
            The halves, in the order in which the function takes them.
        gate, axis
            As `split` takes them.

        Returns
        -------
        ndarray
            Twice as long along the axis.

        Raises
        ------
        TypeError, ValueError
            As `__call__` and `split` do.
        """
        a, b, dtype = _pair(a, b)
        axis = axis_parameter(axis)
        if not -a.ndim <= axis < a.ndim:
            raise ValueError(f"a of shape {a.shape} has no axis {axis}; pass one that it has")
        shape = list(a.shape)
        shape[axis] *= 2
        x = np.empty(shape, dtype)
        halves = (a, b) if self.gate == "a" else (b, a)
        for place, half in zip(self._places(gate, x.shape, axis), halves, strict=True):
            x[place] = as_dtype(half, dtype)
        return x

    @staticmethod
    def _places(gate: str, shape: tuple[int, ...], axis: int) -> list[tuple[slice, ...]]:
        """Return where the gate lies, and where the other half does."""
        middle = shape[axis] // 2
        first, second = slice(None, middle), slice(middle, None)
        places = {"first": (first, second), "second": (second, first), **_PLACES}
        if gate not in places:
            raise ValueError(f"gate must be one of {', '.join(places)}, got {gate!r}")
        before = (slice(None),) * (axis % len(shape))
        return [(*before, place) for place in places[gate]]

    def _slopes(self, a: FloatArray, b: FloatArray) -> Pair:
        p, q = self._of_a, self._of_b
        return (
            _product(p.gradient(a), q(b), a.dtype),
            _product(p(a), q.gradient(b), a.dtype),
        )


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray, np.dtype[Any]]:
    """Return both halves in the precision of the work, and the dtype of the results."""
    a, b = as_float_array(a, "a"), as_float_array(b, "b")
    if a.shape != b.shape:
        raise ValueError(
            f"a of shape {a.shape} and b of shape {b.shape} are no pair; pass two arrays of "
            "one shape, such as split returns"
        )
    dtype = np.result_type(a, b)
    work = type_of_work(dtype)
    return a.astype(work, copy=False), b.astype(work, copy=False), dtype


def _vjp(slopes: Pair, cotangent: ArrayLike, dtype: np.dtype[Any]) -> Pair:
    by_a, by_b = slopes
    g = as_cotangent(cotangent, by_a.shape)
    return _product(by_a, g, dtype), _product(by_b, g, dtype)


def _product(p: FloatArray, q: FloatArray, dtype: np.dtype[Any]) -> FloatArray:
    return as_dtype(QUIET.copy().run(careful, np.multiply, _product_or_0, p, q), dtype)


def _product_or_0(p: FloatArray, q: FloatArray) -> FloatArray:
    nothing = ((p == 0) & np.isinf(q)) | ((q == 0) & np.isinf(p))
    return np.where(nothing, 0, p * q)


def _following(name: str, *arguments: Any) -> ElementwiseActivation:
    """Return an activation whose class follows from its record, and so is no module's."""
    found: ElementwiseActivation = getattr(sys.modules[__package__], name)(*arguments)
    return found


@dataclass(frozen=True)
class GLU(GatedPair):
    r"""The gated linear unit: the first half, as far as the sigmoid of the second lets it.

    .. math:: y = a \, \sigma(b), \qquad
              \frac{\partial L}{\partial a} = \sigma(b) \odot g, \qquad
              \frac{\partial L}{\partial b} = a \, \sigma(b) \sigma(-b) \odot g

    Notes
    -----
    The gate is b, the second half, as in the paper and in PyTorch, JAX and Keras.

    Examples
    --------
    >>> from actgrad import GLU
    >>> f = GLU()
    >>> f([2.0], [0.0]), f.vjp([2.0], [0.0], [1.0])
    (array([1.]), (array([0.5]), array([0.5])))
    >>> f(*f.split([2.0, 0.0], gate="second"))
    array([1.])

    References
    ----------
    ``dauphin2017`` in the book's bibliography.
    """

    gate = "b"

    @property
    def _of_a(self) -> ElementwiseActivation:
        return Linear()

    @property
    def _of_b(self) -> ElementwiseActivation:
        return Sigmoid()


@dataclass(frozen=True)
class ReGLU(GatedPair):
    r"""A gated linear unit whose gate is ReLU.

    .. math:: y = \max(0, a) \, b, \qquad
              \frac{\partial L}{\partial a} = 1[a > 0] \, b \odot g, \qquad
              \frac{\partial L}{\partial b} = \max(0, a) \odot g

    Notes
    -----
    The gate is a. At a = 0 the slope is 0, as `ReLU` has it.

    Examples
    --------
    >>> from actgrad import ReGLU
    >>> ReGLU()([2.0, -1.0], [3.0, 3.0])
    array([6., 0.])

    References
    ----------
    ``shazeer2020`` in the book's bibliography.
    """

    gate = "a"

    @property
    def _of_a(self) -> ElementwiseActivation:
        return ReLU()

    @property
    def _of_b(self) -> ElementwiseActivation:
        return Linear()


@dataclass(frozen=True)
class GeGLU(GatedPair):
    r"""A gated linear unit whose gate is GELU.

    .. math:: y = a \, \Phi(a) \, b, \qquad
              \frac{\partial L}{\partial a} = (\Phi(a) + a \, \varphi(a)) \, b \odot g, \qquad
              \frac{\partial L}{\partial b} = a \, \Phi(a) \odot g

    Parameters
    ----------
    approximate : {"none", "tanh"}
        Which form of `GELU`.

    Raises
    ------
    ValueError
        If `approximate` is neither.

    Notes
    -----
    The gate is a.

    Examples
    --------
    >>> from actgrad import GeGLU
    >>> print(f"{GeGLU()(1.0, 2.0):.6f}")
    1.682689

    References
    ----------
    ``shazeer2020`` in the book's bibliography.
    """

    approximate: str = "none"

    gate = "a"

    def __post_init__(self) -> None:
        _following("GELU", self.approximate)  # refuses what is no form of it

    @property
    def _of_a(self) -> ElementwiseActivation:
        return _following("GELU", self.approximate)

    @property
    def _of_b(self) -> ElementwiseActivation:
        return Linear()


@dataclass(frozen=True)
class SwiGLU(GatedPair):
    r"""A gated linear unit whose gate is SiLU.

    .. math:: y = a \, \sigma(a) \, b, \qquad
              \frac{\partial L}{\partial a} = \sigma(a) (1 + a \, \sigma(-a)) \, b \odot g,
              \qquad \frac{\partial L}{\partial b} = a \, \sigma(a) \odot g

    Notes
    -----
    The gate is a, as in the paper and in ONNX, whose operator takes both.

    Examples
    --------
    >>> from actgrad import SwiGLU
    >>> print(f"{SwiGLU()(1.0, 2.0):.6f}")
    1.462117

    References
    ----------
    ``shazeer2020`` in the book's bibliography.
    """

    gate = "a"

    @property
    def _of_a(self) -> ElementwiseActivation:
        return _following("SiLU")

    @property
    def _of_b(self) -> ElementwiseActivation:
        return Linear()


@dataclass(frozen=True)
class _Capped(ElementwiseActivation):
    """f(min(x, limit)), with the slope of f at the limit itself."""

    f: ElementwiseActivation
    limit: float

    _one_output = (np.inf, 0.0)

    def _value(self, x: FloatArray) -> FloatArray:
        return self.f(np.minimum(x, self.limit))

    def _gradient(self, x: FloatArray) -> FloatArray:
        return np.where(x > self.limit, 0, self.f.gradient(np.minimum(x, self.limit)))


@dataclass(frozen=True)
class _ClippedAndRaised(ElementwiseActivation):
    """x between -limit and limit, plus 1, with the slope 1 at the limits themselves."""

    limit: float

    _one_output = (np.inf, 0.0)

    def _value(self, x: FloatArray) -> FloatArray:
        return np.clip(x, -self.limit, self.limit) + 1

    def _gradient(self, x: FloatArray) -> FloatArray:
        return np.where(np.isnan(x), x, np.abs(x) <= self.limit).astype(x.dtype)


@dataclass(frozen=True)
class ClampedSwiGLU(GatedPair):
    r"""SwiGLU with a sharper gate, both halves clamped, and the gated half raised by 1.

    .. math:: y = h \, \sigma(\alpha h) \, (u + 1), \qquad
              h = \min(a, c), \qquad u = \max(-c, \min(b, c))

    Parameters
    ----------
    alpha : float, default 1.702
        The sharpness of the gate.
    limit : float, default 7.0
        The bound c.

    Raises
    ------
    ValueError
        If `alpha` or `limit` is not a number from 1e-30 to 1e30.

    Notes
    -----
    The gate is a; it is clamped from above alone. At the kinks, a = c and b = -c and c, the
    slope is that of the inside, as PyTorch's ``clamp`` has it. Beyond them it is 0. Raised by
    1, the unit passes the gate itself on where b is 0.

    Examples
    --------
    >>> from actgrad import ClampedSwiGLU
    >>> f = ClampedSwiGLU()
    >>> float(f(100.0, 100.0)) == float(f(7.0, 7.0))
    True

    References
    ----------
    ``openai2025`` in the book's bibliography.
    """

    alpha: float = 1.702
    limit: float = 7.0

    gate = "a"

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", positive_parameter("alpha", self.alpha))
        object.__setattr__(self, "limit", positive_parameter("limit", self.limit))

    @property
    def _of_a(self) -> ElementwiseActivation:
        return _Capped(_following("Swish", self.alpha), self.limit)

    @property
    def _of_b(self) -> ElementwiseActivation:
        return _ClippedAndRaised(self.limit)
