"""The one driver: it runs a formula over arrays of any size, layout and precision."""

import contextvars
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actgrad.activations._arguments import FloatArray, check_out

# A block, its results and a temporary stay in the second-level cache; in smaller blocks the
# calls themselves begin to show.
BLOCK_BYTES = 256 * 1024


def _floating_point_errors(**reactions: Any) -> contextvars.Context:
    context = contextvars.Context()
    context.run(np.seterr, **reactions)
    return context


# Running a function in a copy of a prepared context costs a tenth of np.errstate.
QUIET = _floating_point_errors(all="ignore")
ALERT = _floating_point_errors(all="ignore", invalid="raise", over="raise")


def careful(
    formula: Callable[..., FloatArray],
    otherwise: Callable[..., FloatArray],
    *operands: FloatArray,
    **options: Any,
) -> FloatArray:
    """Return a formula's result, or the other's if the first overflows or makes a NaN.

    The processor notes such an operation in its flags at no cost; a test of every element
    would not be free. The two formulas must agree, to the last bit, where nothing overflows:
    else a result would depend on its neighbours.
    """
    try:
        return ALERT.copy().run(formula, *operands, **options)
    except FloatingPointError:
        return otherwise(*operands)


def one_pass(formula: Callable[..., FloatArray]) -> Callable[..., FloatArray]:
    """Mark a formula that is one ufunc: it has no temporaries, so that blocks do not pay."""
    formula.one_pass = True  # type: ignore[attr-defined]
    return formula


def type_of_work(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype to compute in: float16 is computed in float32 and rounded once."""
    return np.dtype(np.float32) if dtype.itemsize < 4 else dtype


class Blocks:
    """How arrays of one shape are cut into blocks that stay in the cache.

    Parameters
    ----------
    x : ndarray
        A floating-point array that has the shape, and sets the precision of the work and of
        the results. It is not kept.
    axis : int, optional
        The axis along which a row lies, which is never cut. Without it every element may be
        on its own.

    Notes
    -----
    The cut depends on `x` alone, so that what was computed for each block in one run meets
    the same block in the next.
    """

    __slots__ = ("_dtype", "_order", "_step", "flat", "shape", "whole")

    def __init__(self, x: FloatArray, axis: int | None = None) -> None:
        self.shape = x.shape
        self._dtype = x.dtype
        as_it_is = axis is None or (x.ndim == 2 and axis in (-1, 1))
        self.whole = as_it_is and is_one_block(x)
        if self.whole:
            return
        self._order: tuple[int, ...] | None = None
        if axis is None:
            if x.ndim > 1:  # as it lies in memory
                self._order = tuple(sorted(range(x.ndim), key=lambda i: -abs(x.strides[i])))
            self.flat: tuple[int, ...] = (x.size,)
        else:
            axis %= x.ndim
            if axis != x.ndim - 1:
                self._order = (*range(axis), *range(axis + 1, x.ndim), axis)
            self.flat = (x.size // x.shape[axis], x.shape[axis])
        row_bytes = math.prod(self.flat[1:]) * max(4, x.itemsize)
        self._step = max(1, BLOCK_BYTES // row_bytes)

    def run(
        self,
        formula: Callable[..., FloatArray],
        *operands: FloatArray,
        out: FloatArray | None = None,
        fills: bool = False,
    ) -> FloatArray:
        """Run a formula over arrays of the shape, without warnings.

        Parameters
        ----------
        formula : callable
            Takes one block of each operand, contiguous and at least float32: elements in
            any shape, or (n, k) for n rows. It returns a new array of that shape. It is
            called once for each block, in order; not at all if there are no elements.
        *operands : ndarray
            Floating-point arrays of the shape.
        out : ndarray, optional
            Where to write the result; it may overlap an operand.
        fills : bool, default False
            Whether the formula also takes ``out``, a block where it can write its result.

        Returns
        -------
        ndarray
            The result, or `out`; a NumPy scalar where the operands are 0-d.
        """
        if out is not None:
            check_out(out, self.shape)
        elif self.whole:
            blocks = [_as_block(operand) for operand in operands]
            return as_dtype(QUIET.copy().run(formula, *blocks), self._dtype)
        return QUIET.copy().run(self._run, formula, operands, out, fills)

    def each(self, formula: Callable[..., None], *operands: FloatArray) -> None:
        """Call a formula with one block after the other."""

        def call() -> None:
            for _, blocks in self._cut(operands):
                formula(*blocks)

        QUIET.copy().run(call)

    def _cut(
        self, operands: tuple[FloatArray, ...]
    ) -> Iterator[tuple[slice, list[FloatArray]]]:
        flat = [self._flattened(operand) for operand in operands]
        for start in range(0, self.flat[0], self._step):
            rows = slice(start, start + self._step)
            yield rows, [_as_block(operand[rows]) for operand in flat]

    def _run(
        self,
        formula: Callable[..., FloatArray],
        operands: tuple[FloatArray, ...],
        out: FloatArray | None,
        fills: bool,
    ) -> FloatArray:
        if self.whole:
            result = as_dtype(formula(*map(_as_block, operands)), self._dtype)
        else:
            result = self._target(operands, out)
            for rows, blocks in self._cut(operands):
                target = result[rows]
                block = formula(*blocks, out=target) if fills else formula(*blocks)
                if block is not target:
                    target[...] = block
            if out is not None and np.may_share_memory(result, out):
                return out
            result = self._in_shape(result)
        if out is None:
            return result if self.shape else result[()]
        out[...] = result
        return out

    def _target(self, operands: tuple[FloatArray, ...], out: FloatArray | None) -> FloatArray:
        """Return `out`, flattened, if its blocks can be written one by one, or a new array."""
        others = [operand for operand in operands if operand is not out]
        if (
            out is not None
            and out.dtype == self._dtype
            and not any(np.may_share_memory(out, other) for other in others)
        ):
            target = self._flattened(out)
            if np.may_share_memory(target, out):
                return target
        return np.empty(self.flat, self._dtype)

    def _flattened(self, array: FloatArray) -> FloatArray:
        array = array if self._order is None else array.transpose(self._order)
        return array if array.shape == self.flat else array.reshape(self.flat)

    def _in_shape(self, result: FloatArray) -> FloatArray:
        if self._order is None:
            return result if result.shape == self.shape else result.reshape(self.shape)
        moved = result.reshape([self.shape[axis] for axis in self._order])
        return moved.transpose(np.argsort(self._order))


class Kept:
    """What was computed for each block, kept in few large arrays for a second run.

    Many blocks by themselves would lie in pages that the system gives and takes one by one.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._stores: dict[Any, tuple[int, NDArray[Any]]] = {}
        self._kept: list[Any] = []
        self._position = 0

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def append(self, block: Any) -> None:
        """Keep what belongs to the next block: an array of its shape, or a number."""
        if isinstance(block, np.ndarray) and not self._blocks.whole:
            block = self._stored(block)
        self._kept.append(block)

    def _stored(self, block: NDArray[Any]) -> NDArray[Any]:
        first = self._position
        self._position += len(block)
        if block.dtype not in self._stores:
            n, *row = self._blocks.flat
            self._stores[block.dtype] = first, np.empty((n - first, *row), block.dtype)
        start, store = self._stores[block.dtype]
        view = store[first - start : self._position - start]
        view[...] = block
        return view


def element_wise(
    formula: Callable[..., FloatArray],
    x: FloatArray,
    *others: FloatArray,
    out: FloatArray | None = None,
    fills: bool = False,
) -> FloatArray:
    """Run an element-wise formula as ``Blocks(x).run`` does, by the shortest way."""
    if out is None and (is_one_block(x) or _is_one_pass(formula, x)):
        return as_dtype(QUIET.copy().run(formula, x, *map(_as_block, others)), x.dtype)
    if out is None and x.ndim == 0:
        number: FloatArray = element_wise(formula, *(a.reshape(1) for a in (x, *others)))[0]
        return number
    return Blocks(x).run(formula, x, *others, out=out, fills=fills)


def is_one_block(x: FloatArray) -> bool:
    """Whether a formula can take an array as it is."""
    return (
        0 < x.nbytes <= BLOCK_BYTES and x.itemsize >= 4 and x.flags.c_contiguous and x.ndim > 0
    )


def _is_one_pass(formula: Callable[..., FloatArray], x: FloatArray) -> bool:
    return hasattr(formula, "one_pass") and x.itemsize >= 4 and x.ndim > 0


def as_dtype(result: FloatArray, dtype: np.dtype[Any]) -> FloatArray:
    """Return a result rounded to a dtype, without a warning if it is too large for it."""
    return result if result.dtype is dtype else QUIET.copy().run(result.astype, dtype)


def _as_block(array: FloatArray) -> FloatArray:
    # NumPy sums pairwise, that is accurately, only where a row lies in one piece.
    if array.itemsize < 4:
        return np.ascontiguousarray(array, np.float32)
    return array if array.flags.c_contiguous else np.ascontiguousarray(array)
