"""A function and its derivative, with a point to drag."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers import _palette
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._evaluate import broken_at_jumps, derivative, value
from actgrad.explorers._parameters import complete
from actgrad.explorers._traits import Interval, Name, Number, Switch


class ActivationExplorer(PlottedExplorer):
    r"""f and f' on one plot: drag a point, see its tangent, its value and its slope.

    .. math:: y = f(x), \qquad m = f'(x)

    Parameters
    ----------
    function : str
        A function of the book: a key of `actgrad.derivations.functions.ACTIVATIONS`.
    x : float
        The point. It follows the page and can be set and observed from Python.
    x_range, y_range : tuple of two float
        The view. `y_range` defaults to what f and f' need.
    parameters : dict of str to float
        The function's parameters, by name; those left out take their defaults.
    kink_weight : float in [0, 1]
        What f' is taken to be where the function has a kink: 0 is the slope to its left, 1 the
        slope to its right, between them lies their weighted mean. Each is a subgradient.
    overlay : str
        The name of a second function to compare with, f and f', or ``""``.
    difference : bool
        Whether the finite-difference slope is drawn too.
    log_step : float in [-16, 0]
        The base-10 logarithm of its step h.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    What is drawn is generated from the SymPy expressions of `actgrad.derivations`, whose
    derivatives are proved.
    """

    function = Name("sigmoid", tuple(ACTIVATIONS))
    x = Number(1.0)
    x_range = Interval((-8.0, 8.0))
    y_range = Interval()
    parameters = traitlets.Dict().tag(sync=True)
    kink_weight = Number(0.0, 0.0, 1.0)
    overlay = Name("", ("", *ACTIVATIONS))
    difference = Switch(False)
    log_step = Number(-1.0, -16.0, 0.0)

    _on_screen = {  # noqa: RUF012
        **dict.fromkeys(("compare", "compare_with"), "overlay"),
        **dict.fromkeys(("h", "step"), "log_step"),
        **{p: "parameters" for f in ACTIVATIONS.values() for p in f.definition.defaults},
        "slope_at_kink": "kink_weight",
    }

    def __init__(self, function: str = "sigmoid", **state: Any) -> None:
        super().__init__(function=function, **{"parameters": {}, **state})
        self.observe(self._start_over, "function")

    def _start_over(self, change: Any) -> None:
        with self.hold_sync():
            self.parameters = {}
            self.y_range = self._room_for_both()

    @traitlets.validate("parameters")
    def _complete(self, proposal: Any) -> dict[str, float]:
        return complete(ACTIVATIONS[self.function].definition, proposal.value)

    @traitlets.default("y_range")
    def _room_for_both(self) -> tuple[float, float]:
        _, *curves = self._curves()
        seen = np.concatenate(curves)
        seen = seen[np.isfinite(seen)]
        low, high = seen.min(), seen.max()
        padding = 0.08 * (high - low)
        return float(low - padding), float(high + padding)

    def _curves(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x = np.linspace(self.x_range[0], self.x_range[1], 401)
        function = ACTIVATIONS[self.function]
        return x, value(function, x, self.parameters), derivative(function, x, self.parameters)

    def draw(self, figure: Figure) -> None:
        """Draw f and f' over the view."""
        x, y, slope = self._curves()
        axes = figure.subplots()
        axes.grid(alpha=0.25, linewidth=0.5)
        axes.plot(x, y, **_palette.line("function"), label="f(x)")
        drawn = broken_at_jumps(ACTIVATIONS[self.function], x, slope, self.parameters)
        axes.plot(x, drawn, **_palette.line("derivative"), label="f′(x)")
        axes.set(xlim=self.x_range, ylim=self.y_range, xlabel="x")
        axes.legend(frameon=False, loc="upper left")

    def describe(self) -> str:
        """Return the text alternative, with the values that the curves take."""
        x, y, slope = self._curves()
        top = int(slope.argmax())
        return (
            f"Plot of {ACTIVATIONS[self.function].title} f (solid) and its derivative f′ "
            f"(dashed) for x from {x[0]:g} to {x[-1]:g}. "
            f"f goes from {y[0]:.3g} to {y[-1]:.3g}; f′ goes from "
            f"{slope[0]:.3g} to {slope[-1]:.3g} and is largest, {slope[top]:.3g}, "
            f"at x = {x[top]:.2g}."
        )
