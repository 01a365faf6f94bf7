"""Textbook against accurate formulas in float32 and float64."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.explorers import _palette
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._precision import FORMULAS, relative_errors
from actgrad.explorers._traits import Interval, Name, Number, Switch

_GRID = 1024  # x is a multiple of 1/1024, which float32 and float64 both hold exactly
_ROLES = {"textbook": "difference", "accurate": "overlay"}


class PrecisionExplorer(PlottedExplorer):
    r"""The relative error of a textbook formula and of an accurate one, and where one fails.

    .. math:: \frac{|\hat y - y|}{|y|}

    Parameters
    ----------
    formula : str
        ``"sigmoid-gradient"``, ``"tanh-gradient"``, ``"softplus"`` or ``"softmax"``.
    x : float in [-740, 740]
        The cursor.
    x_range : tuple of two float
        The view; its default is where the textbook form goes wrong.
    single, double : bool
        Whether float32 and float64 are shown.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    On the page float32 is float64 rounded after each operation, and the truth is computed in
    double-double arithmetic, about 31 digits. x moves on a grid of 1/1024, so that both number
    formats get the very same x.
    """

    formula = Name("sigmoid-gradient", tuple(FORMULAS))
    x = Number(1.0, -740.0, 740.0)
    x_range = Interval((-10.0, 60.0), -740.0, 740.0)
    single = Switch(True)
    double = Switch(True)

    def __init__(self, formula: str = "sigmoid-gradient", **state: Any) -> None:
        super().__init__(formula=formula, **state)
        self.observe(self._start_over, "formula")

    @traitlets.default("x_range")
    def _where_it_fails(self) -> tuple[float, float]:
        return FORMULAS[self.formula].view

    @traitlets.validate("x_range")
    def _within_limits(self, proposal: Any) -> tuple[float, float]:
        (start, end), (low, high) = proposal.value, FORMULAS[self.formula].limits
        if start < low or end > high:
            raise traitlets.TraitError(
                f"x_range must lie within [{low:g}, {high:g}] for {self.formula}; "
                f"got {proposal.value!r}"
            )
        return start, end

    @traitlets.validate("x")
    def _on_grid(self, proposal: Any) -> float:
        x: float = proposal.value
        return round(x * _GRID) / _GRID

    def _start_over(self, change: Any) -> None:
        with self.hold_sync():
            self.x_range = start, end = self._where_it_fails()
            self.x = min(max(self.x, start), end)

    def _errors(self) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
        x = np.round(np.linspace(self.x_range[0], self.x_range[1], 201) * _GRID) / _GRID
        return x, relative_errors(FORMULAS[self.formula], x)

    def _shown(self) -> list[str]:
        return [name for name, on in (("float32", self.single), ("float64", self.double)) if on]

    def draw(self, figure: Figure) -> None:
        """Draw the relative errors on a logarithmic axis."""
        axes = figure.subplots()
        x, errors = self._errors()
        for (form, dtype), error in errors.items():
            if dtype in self._shown():
                line = _palette.line(_ROLES[form])
                line["linewidth"] = 1 if dtype == "float32" else 2
                heights = np.clip(error, 1e-18, 10)
                axes.semilogy(x, heights, **line, label=f"{form}, {dtype}")
        axes.set(xlabel="x", ylabel="relative error", ylim=(1e-18, 10), xlim=self.x_range)
        if axes.lines:
            axes.legend(frameon=False, ncols=2)

    def describe(self) -> str:
        """Return the text alternative: the largest errors and where the textbook form fails."""
        x, errors = self._errors()
        parts = []
        for dtype in self._shown():
            textbook, accurate = errors["textbook", dtype], errors["accurate", dtype]
            lost, broken = x[textbook == 1], x[textbook == np.inf]
            said = f"the textbook form's error reaches {textbook[textbook < np.inf].max():.2g}"
            if lost.size:
                start = min(lost, key=abs)
                said += (
                    f", nothing is right from x = {start:.3g} {'on' if start > 0 else 'down'}"
                )
            if broken.size:
                said += f", no number comes from x = {min(broken, key=abs):.3g}"
            parts.append(
                f"in {dtype} {said}; the accurate form's stays below {accurate.max():.2g}"
            )
        return (
            f"Relative errors of two formulas for {FORMULAS[self.formula].title}, for x from "
            f"{x[0]:g} to {x[-1]:g}: {'; '.join(parts)}."
        )
