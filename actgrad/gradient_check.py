"""An independent numeric oracle for claimed gradients, which knows kinks and its own limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.differentiate import derivative

__all__ = ["GradientReport", "check_gradient", "check_vjp"]

Array = NDArray[np.float64]
Line = Callable[[Array, NDArray[np.intp]], Array]
Verdict = Literal["correct", "subgradient", "wrong", "undecided"]

# Steps relative to max(1, |x|), and for inputs near a kink at 0 one relative to |x| itself.
STEPS = (0.25, 1e-2, 1e-4, 1e-6)
NEAR_ZERO = 1 / 32
VERDICTS = ("correct", "subgradient", "undecided", "wrong")
# A table of more rows is not read.
ROWS = 12
CENTRAL, FORWARD, BACKWARD = 0, 1, -1


@dataclass(frozen=True, eq=False)
class GradientReport:
    """What finite differences say of a claimed gradient, element by element.

    Parameters
    ----------
    x : ndarray
        The inputs.
    claimed : ndarray of the shape of `x`
        The gradient that is judged.
    numeric : ndarray of the shape of `x`
        The finite difference: at a kink, the mean of the two one-sided ones.
    uncertainty : ndarray of the shape of `x`
        How far `numeric` may be off, by truncation and rounding.
    left, right : ndarray of the shape of `x`
        The one-sided derivatives, the ends of the subdifferential at a kink.
    verdict : ndarray of str, of the shape of `x`
        ``correct``, ``wrong``; at a kink ``subgradient`` for a claim between the one-sided
        derivatives; ``undecided`` where the difference is too uncertain to tell.

    Notes
    -----
    A report passes if no element is wrong and at least one could be decided.
    """

    x: Array
    claimed: Array
    numeric: Array
    uncertainty: Array
    left: Array
    right: Array
    verdict: NDArray[np.str_]

    @property
    def passed(self) -> bool:
        """Whether no element is wrong and at least one could be decided."""
        decided = np.isin(self.verdict, ["correct", "subgradient"])
        return bool(decided.any()) and not (self.verdict == "wrong").any()

    @property
    def relative_error(self) -> Array:
        """The distance of the claim from the difference, relative to the latter."""
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.abs(self.claimed - self.numeric)
            return np.where(error == 0, 0.0, error / np.abs(self.numeric))

    @property
    def ulp_error(self) -> Array:
        """The distance of the claim from the difference, in ULP of the latter."""
        return np.asarray(
            np.abs(self.claimed - self.numeric) / np.spacing(np.abs(self.numeric))
        )

    def __repr__(self) -> str:
        return f"<{self._heading()}>"

    def _heading(self) -> str:
        counts = ", ".join(
            f"{np.count_nonzero(self.verdict == verdict)} {verdict}"
            for verdict in VERDICTS
            if (self.verdict == verdict).any()
        )
        return f"gradient check {'passed' if self.passed else 'FAILED'}: {counts}"

    def _repr_markdown_(self) -> str:
        order = sorted(
            np.ndindex(self.x.shape), key=lambda at: -VERDICTS.index(str(self.verdict[at]))
        )
        rows = [
            f"| {self._place(at)} | {self.x[at]:.6g} | {self.claimed[at]:.9g} "
            f"| {self._numeric_text(at)} | {self.verdict[at]} |"
            for at in order[:ROWS]
        ]
        more = f"\nAnd {len(order) - ROWS} more.\n" if order[ROWS:] else ""
        return "\n".join(
            [
                f"**{self._heading()}**\n",
                "| place | x | claimed | by differences | verdict |",
                "|:--|--:|--:|:--|:--|",
                *rows,
                more,
            ]
        )

    def _place(self, at: tuple[int, ...]) -> str:
        return f"x[{', '.join(map(str, at))}]" if at else "x"

    def __str__(self) -> str:
        lines = [self._heading()]
        for index in zip(*np.nonzero(np.atleast_1d(self.verdict == "wrong")), strict=True):
            at = index if self.x.ndim else ()
            lines.append(
                f"  {self._place(at)} = {self.x[at]:.6g}: claimed "
                f"{self.claimed[at]:.9g}, differences say {self._numeric_text(at)}"
            )
        return "\n".join(lines)

    def _numeric_text(self, at: tuple[Any, ...]) -> str:
        left, right = sorted((float(self.left[at]), float(self.right[at])))
        if _is_kink(self.left[at], self.right[at], self.uncertainty[at]):
            return f"a kink with subgradients {left:.9g} to {right:.9g}"
        return f"{self.numeric[at]:.9g} ± {self.uncertainty[at]:.1g}"


def check_gradient(
    function: Callable[[Array], ArrayLike],
    gradient: Callable[[Array], ArrayLike] | ArrayLike,
    x: ArrayLike,
    *,
    rtol: float = 1e-6,
) -> GradientReport:
    r"""Judge the claimed gradient of an element-wise function.

    .. math:: f'(x) \approx \frac{f(x + h) - f(x - h)}{2 h}, \qquad
              f'_\pm(x) \approx \pm \frac{f(x \pm h) - f(x)}{h}

    Parameters
    ----------
    function : callable
        The function f; takes an array and returns one of its shape, element by element.
    gradient : callable or array_like of the shape of `x`
        The claimed gradient, or the function that gives it.
    x : array_like of finite real numbers, any shape
        Where to judge.
    rtol : float, default 1e-6
        The relative error that is forgiven, above the uncertainty of the difference.

    Returns
    -------
    GradientReport
        A verdict for each element.

    Raises
    ------
    ValueError
        If `x` is not finite, the function is not element-wise, or the claim has another shape.

    Notes
    -----
    Differences of order 8 (one-sided: 4) are taken with several first steps, each refined by
    SciPy until it stops to improve; the estimate of the least uncertainty, truncation and
    rounding together, is used. Where the one-sided differences disagree there is a kink, and
    any claim between them is a subgradient. A kink nearer than 1e-6 cannot be told from one
    at `x` itself, unless it is at 0.

    References
    ----------
    :func:`scipy.differentiate.derivative`.
    """
    points = _finite(x)
    shape = np.shape(function(points))
    if shape != points.shape:
        raise ValueError(
            f"function turns shape {points.shape} into {shape}, so it is not element-wise; "
            "pass it to check_vjp"
        )
    claimed = gradient(points) if callable(gradient) else gradient

    def line(t: Array, index: NDArray[np.intp]) -> Array:
        return np.asarray(function(points.ravel()[index] + t), np.float64)

    return _judge(line, points, claimed, rtol, np.zeros(points.size))


def check_vjp(
    function: Callable[[Array], ArrayLike],
    vjp: Callable[[Array, Array], ArrayLike] | ArrayLike,
    x: ArrayLike,
    cotangent: ArrayLike,
    *,
    rtol: float = 1e-6,
) -> GradientReport:
    r"""Judge a claimed vector-Jacobian product, of any function of one array.

    .. math:: \left( J^{\mathsf T} g \right)_j
              = \frac{\partial}{\partial x_j} \langle g, f(x) \rangle

    Parameters
    ----------
    function : callable
        The function f; takes an array of the shape of `x`.
    vjp : callable or array_like of the shape of `x`
        The claimed product, or the function that gives it from x and g.
    x : array_like of finite real numbers, any shape
        Where to judge.
    cotangent : array_like that broadcasts to the shape of f(x)
        The upstream gradient g.
    rtol : float, default 1e-6
        The relative error that is forgiven, above the uncertainty of the difference.

    Returns
    -------
    GradientReport
        A verdict for each element of `x`.

    Raises
    ------
    ValueError
        If `x` is not finite, the claim has another shape, or the cotangent does not fit.

    Notes
    -----
    As for `check_gradient`. The function is evaluated some hundred times for each element.
    """
    points = _finite(x)
    value = np.asarray(function(points), np.float64)
    g = np.broadcast_to(np.asarray(cotangent, np.float64), value.shape)
    claimed = vjp(points, g) if callable(vjp) else vjp

    def change(t: float, index: int) -> Array:
        shifted = points.ravel().copy()
        shifted[index] += t
        return np.asarray(function(shifted.reshape(points.shape)), np.float64) - value

    def line(t: Array, index: NDArray[np.intp]) -> Array:
        # <g, f(x + t) - f(x)>: outputs that do not depend on this input cost no digits.
        along = np.vectorize(lambda t, i: np.sum(g * change(t, i)), otypes=[np.float64])
        return np.asarray(along(t, index))

    def rounded(index: int) -> float:
        moved = (change(STEPS[0], index) != 0) | (change(-STEPS[0], index) != 0)
        return float(np.sum(np.abs(g * value), where=moved))

    magnitude = np.array([rounded(index) for index in range(points.size)])
    return _judge(line, points, claimed, rtol, magnitude)


def _finite(x: ArrayLike) -> Array:
    points = np.asarray(x, np.float64)
    if not np.isfinite(points).all():
        raise ValueError(
            "x must be finite: there is no difference to take at infinity or NaN; "
            "pass finite numbers"
        )
    return points


def _judge(
    line: Line, points: Array, claimed: ArrayLike, rtol: float, magnitude: Array
) -> GradientReport:
    """Compare the claim with the derivatives of line(t, i) at t = 0, one for each element i."""
    claim = np.asarray(claimed, np.float64)
    if claim.shape != points.shape:
        raise ValueError(
            f"the claimed gradient has shape {claim.shape}, but x has shape {points.shape}; "
            "pass one number for each input"
        )
    x, c = points.ravel(), claim.ravel()
    central, central_error = _difference(line, x, CENTRAL, magnitude)
    right, right_error = _difference(line, x, FORWARD, magnitude)
    left, left_error = _difference(line, x, BACKWARD, magnitude)

    kink = _is_kink(left, right, left_error + right_error)
    numeric = np.where(kink, (left + right) / 2, central)
    uncertainty = np.where(kink, left_error + right_error, central_error)
    margin = uncertainty + rtol * np.maximum(np.abs(numeric), np.abs(right - left) * kink)
    low = np.where(kink, np.minimum(left, right), central)
    high = np.where(kink, np.maximum(left, right), central)

    within = (low - margin <= c) & (c <= high + margin)
    # An interval as wide as the numbers in it lets anything pass: that is no verdict.
    blurred = uncertainty > 1e-3 * np.maximum(np.abs(c), np.abs(numeric))
    verdict = np.select(
        [~within, blurred, kink], ["wrong", "undecided", "subgradient"], "correct"
    )
    numeric, uncertainty, left, right = (
        array.reshape(points.shape) for array in (numeric, uncertainty, left, right)
    )
    return GradientReport(
        points, claim, numeric, uncertainty, left, right, verdict.reshape(points.shape)
    )


def _is_kink(left: Any, right: Any, uncertainty: Any) -> Any:
    size = np.maximum(np.abs(left), np.abs(right))
    return np.abs(right - left) > 10 * uncertainty + 1e-4 * size


def _difference(line: Line, x: Array, direction: int, magnitude: Array) -> tuple[Array, Array]:
    """Return each line's derivative at t = 0, of the best first step, and its uncertainty."""
    scale = np.maximum(1, np.abs(x))
    steps = [step * scale for step in STEPS]
    steps.append(np.where(x == 0, STEPS[-1], NEAR_ZERO * np.abs(x)))
    index = np.arange(x.size)
    best, least = np.zeros(x.size), np.full(x.size, np.inf)
    refinements = 4
    for step in steps:
        with np.errstate(all="ignore"):
            result = derivative(
                line,
                np.zeros(x.size),
                args=(index,),
                initial_step=step,
                step_direction=direction,
                order=8 if direction == CENTRAL else 4,
                maxiter=refinements,
                # Zero tolerances: SciPy stops by itself when the error grows again.
                tolerances={"atol": 0.0, "rtol": 0.0},
            )
            largest = np.maximum(
                np.maximum(np.abs(line(step, index)), np.abs(line(-step, index))),
                np.maximum(np.abs(line(np.zeros(x.size), index)), magnitude),
            )
            # x + t is rounded as well, which moves the value by slope times ULP of x.
            slope = np.abs(result.df)
            rounding = np.finfo(np.float64).eps * (largest + slope * np.abs(x)) / step
            error = result.error + 2.0**refinements * rounding
        better = error < least
        best, least = np.where(better, result.df, best), np.where(better, error, least)
    return best + 0.0, least  # -0.0 would read oddly in a report
