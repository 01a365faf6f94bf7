"""A reader's own function beside its finite-difference derivative, in a live kernel."""

import html
import warnings
from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from actgrad.explorers import _palette
from actgrad.notebook import svg

_POINTS = 401
# A central difference with h = 1e-5 is right to about 1e-10; a wrong formula is far off.
_TOLERANCE = 1e-4


class _Broken(Exception):
    """What the reader's function did that a plot cannot show."""


def _call(function: Callable[[Any], Any], x: Any) -> np.ndarray:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = function(x)
        except Exception as error:  # the reader's code may raise anything
            raise _Broken(f"raised {type(error).__name__}: {error}") from error
    if result is None:
        raise _Broken("returned nothing (None): is its `return` missing?")
    try:
        return np.asarray(result, dtype=np.float64)
    except (TypeError, ValueError) as error:
        what = f"returned {type(result).__name__}, not real numbers"
        raise _Broken(f"{what}: return a number, or an array of numbers") from error


def _each(function: Callable[[Any], Any], x: np.ndarray) -> np.ndarray:
    values = np.full(x.shape, np.nan)
    for place, number in enumerate(x):
        value = _call(function, float(number))
        if value.size != 1:
            raise _Broken(
                f"returned shape {value.shape} for one number: return one number for each x"
            )
        values[place] = value.item()
    return values


def sampled(function: Callable[[Any], Any], x: np.ndarray) -> tuple[np.ndarray, str]:
    """Return the function's values at each x and what was noticed on the way.

    Parameters
    ----------
    function : callable
        Takes an array, or single numbers only.
    x : ndarray, shape (n,)
        The places.

    Returns
    -------
    values : ndarray, shape (n,)
        NaN everywhere if the function cannot be evaluated.
    notice : str
        What the function does that an element-wise NumPy function does not, or ``""``.
    """
    try:
        values = _call(function, x.copy())
        if values.shape != x.shape:
            raise _Broken(f"returned shape {values.shape} for an input of shape {x.shape}")
    except _Broken as broken:
        try:
            return _each(function, x), f"takes single numbers only: for an array it {broken}"
        except _Broken as second:
            return np.full(x.shape, np.nan), str(second)
    some = slice(None, None, max(1, x.size // 7))
    try:
        alone = np.concatenate([_call(function, x[[i]]).ravel() for i in range(x.size)[some]])
    except _Broken:
        return values, ""
    if alone.shape == x[some].shape and not np.allclose(
        alone, values[some], rtol=1e-9, atol=1e-12, equal_nan=True
    ):
        return (
            _each(lambda number: function(np.array([number])), x),
            "is not element-wise: a value depends on the other inputs; each x is taken alone",
        )
    return values, ""


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _step(width: float, distance: float) -> float:
    """Return a step of about a 400th of the width that leads from the left end to x itself.

    The front end moves a slider's value to its nearest step: x = 1 would become 0.98.
    """
    steps = [digit * 10.0**power for power in range(4, -5, -1) for digit in (5, 2, 1)]
    scale = 10.0 ** np.floor(np.log10(width / 400))
    for step in (scale * step for step in steps if scale * step <= width / 400):
        if abs(distance / step - round(distance / step)) < 1e-6:
            return float(step)
    return float(scale * steps[-1])


class Exploration(ipywidgets.VBox):  # type: ignore[misc]
    """The controls and the plot that `explore` returns.

    Attributes
    ----------
    x, step, view : ipywidgets controls
        The point, the step h of the difference, and the range of x.
    notices : list of str
        What was noticed about the function and its gradient, as shown below the plot.
    wrong : ndarray of bool, shape (401,)
        Where the gradient disagrees with the finite difference.
    """

    def __init__(
        self,
        function: Callable[[Any], Any],
        gradient: Callable[[Any], Any] | None,
        x: float,
        x_range: tuple[float, float],
    ) -> None:
        self._function, self._gradient = function, gradient
        low, high = x_range
        wide = {"style": {"description_width": "4em"}, "layout": {"width": "100%"}}
        self.x = ipywidgets.FloatSlider(
            x,
            min=low,
            max=high,
            step=_step(high - low, x - low),
            readout_format=".4g",
            description="x",
            **wide,
        )
        self.step = ipywidgets.FloatLogSlider(
            1e-5, min=-12, max=0, step=0.5, description="h", readout_format=".0e", **wide
        )
        margin = 2 * (high - low)
        self.view = ipywidgets.FloatRangeSlider(
            value=(low, high),
            min=low - margin,
            max=high + margin,
            step=(high - low) / 40,
            description="view",
            **wide,
        )
        self._picture, self._text = ipywidgets.HTML(), ipywidgets.HTML()
        self.notices: list[str] = []
        self.wrong = np.zeros(_POINTS, bool)
        super().__init__([self._picture, self._text, self.x, self.step, self.view])
        for control in (self.x, self.step, self.view):
            control.observe(self._draw, "value")
        self._draw(None)

    def _difference(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the left, the central and the right difference quotient."""
        h = self.step.value
        below, here, above = (sampled(self._function, x + d)[0] for d in (-h, 0.0, h))
        return (here - below) / h, (above - below) / (2 * h), (above - here) / h

    def _draw(self, change: Any) -> None:
        low, high = self.view.value
        if low == high:
            return
        if high > self.x.min:
            self.x.max, self.x.min = high, low
        else:
            self.x.min, self.x.max = low, high
        x = np.linspace(low, high, _POINTS)
        y, notice = sampled(self._function, x)
        left, central, right = self._difference(x)
        slope = np.full(x.shape, np.nan)
        self.notices = [_sentence(f"Your function {notice}")] if notice else []
        if self._gradient is not None:
            slope, notice = sampled(self._gradient, x)
            if notice:
                self.notices.append(_sentence(f"Your gradient {notice}"))
        room = _TOLERANCE * (1 + np.abs(central))
        known = np.isfinite(slope) & np.isfinite(central)
        # At a kink every slope between the two sides is right.
        between = (slope >= np.minimum(left, right) - room) & (
            slope <= np.maximum(left, right) + room
        )
        self.wrong = known & ~between
        self._judge(x, y, slope, central)
        alternative = self._describe(x, y)
        self._picture.value = svg(
            lambda figure: self._plot(figure, x, y, slope, central), alternative
        )
        self._text.value = self._table()

    def _judge(
        self, x: np.ndarray, y: np.ndarray, slope: np.ndarray, central: np.ndarray
    ) -> None:
        bad = np.count_nonzero(~np.isfinite(y))
        if 0 < bad < y.size:
            first = x[~np.isfinite(y)][0]
            self.notices.append(
                f"Your function is not finite at {bad} places, as x = {first:.4g}."
            )
        lost = ~np.isfinite(slope)
        if self._gradient is not None and 0 < lost.sum() < lost.size:
            self.notices.append(
                f"Your gradient is not finite at {lost.sum()} places, as x = {x[lost][0]:.4g}."
            )
        if self.wrong.any():
            gap = np.where(self.wrong, np.abs(slope - central), 0)
            worst = int(gap.argmax())
            self.notices.append(
                f"Gradient and finite difference disagree at {self.wrong.sum()} of {x.size} "
                f"places; the most at x = {x[worst]:.4g}: {slope[worst]:.6g} against "
                f"{central[worst]:.6g}."
            )
        elif self._gradient is not None and np.isfinite(slope).any():
            self.notices.append("Gradient and finite difference agree over the whole view.")

    def _table(self) -> str:
        place = np.array([self.x.value])
        rows = [("x", self.x.value), ("f(x)", sampled(self._function, place)[0][0])]
        if self._gradient is not None:
            rows.append(("your f′(x)", sampled(self._gradient, place)[0][0]))
        rows.append(("finite difference", self._difference(place)[1][0]))
        cells = "".join(f"<td>{name} = <b>{value:.8g}</b></td>" for name, value in rows)
        notices = "".join(f"<p>{html.escape(notice)}</p>" for notice in self.notices)
        return f'<table><tr>{cells}</tr></table><div role="status">{notices}</div>'

    def _plot(
        self,
        figure: Figure,
        x: np.ndarray,
        y: np.ndarray,
        slope: np.ndarray,
        central: np.ndarray,
    ) -> None:
        axes = figure.subplots()
        axes.plot(x, y, **_palette.line("function"), label="your f(x)")
        if self._gradient is not None:
            axes.plot(x, slope, **_palette.line("derivative"), label="your f′(x)")
        axes.plot(x, central, **_palette.line("difference"), label="finite difference")
        if self.wrong.any():
            low, high = axes.get_ylim()
            axes.fill_between(
                x, low, high, where=self.wrong, alpha=0.15, color="0.5", label="they disagree"
            )
            axes.set_ylim(low, high)
        axes.axvline(self.x.value, color="0.5", linewidth=0.8)
        axes.set(xlabel="x", xlim=(x[0], x[-1]))
        axes.legend(frameon=False)

    def _describe(self, x: np.ndarray, y: np.ndarray) -> str:
        return (
            f"Plot of your function and its derivatives for x from {x[0]:g} to {x[-1]:g}; "
            f"f goes from {y[0]:.3g} to {y[-1]:.3g}. {' '.join(self.notices)}"
        )


def explore(
    function: Callable[[Any], Any],
    gradient: Callable[[Any], Any] | None = None,
    *,
    x: float = 1.0,
    x_range: tuple[float, float] = (-6.0, 6.0),
) -> Exploration:
    r"""Show any function of your own beside its finite-difference derivative.

    .. math:: f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}

    Parameters
    ----------
    function : callable
        f, for arrays or for single numbers.
    gradient : callable, optional
        Your f'. Where it disagrees with the finite difference the plot is shaded, and a line
        below says where and by how much. At a kink any slope between the two sides is right.
    x : float
        The point whose values are shown.
    x_range : tuple of two float
        The view.

    Returns
    -------
    Exploration
        A widget for a live kernel, with the controls `x`, `step` and `view`.

    Raises
    ------
    TypeError
        For a function or a gradient that cannot be called.
    ValueError
        For a view that is not two finite numbers (from, to) with from < to, or an x that is
        no finite number.

    Notes
    -----
    The function may raise, return the wrong shape or no numbers, or take single numbers only:
    what it does is said below the plot.
    """
    for name, given in (("f", function), ("f′", gradient)):
        if not callable(given) and not (name == "f′" and given is None):
            what = "function" if name == "f" else "gradient"
            raise TypeError(
                f"{what} must be callable: pass {name}, not {name}(x); got {given!r}"
            )
    ends = _finite(x_range)
    if ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(
            f"x_range must be two finite numbers (from, to) with from < to; got {x_range!r}"
        )
    place = _finite(x)
    if place.shape != ():
        raise ValueError(f"x must be one finite number, such as x=1.0; got {x!r}")
    low, high = map(float, ends)
    return Exploration(function, gradient, min(max(float(place), low), high), (low, high))


def _finite(given: Any) -> np.ndarray:
    """Return finite real numbers as an array, and an empty one for anything else."""
    try:
        numbers = np.asarray(given, float)
    except (TypeError, ValueError):
        return np.zeros((0, 0))
    return numbers if np.isfinite(numbers).all() else np.zeros((0, 0))
