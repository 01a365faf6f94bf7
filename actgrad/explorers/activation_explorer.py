"""A function and its derivative, with a point to drag."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.derivations.functions import FUNCTIONS
from actgrad.explorers import _palette
from actgrad.explorers._base import Explorer
from actgrad.explorers._evaluate import derivative, value
from actgrad.explorers._parameters import complete, parameters

_NAMES = ", ".join(FUNCTIONS)


class ActivationExplorer(Explorer):
    r"""f and f' on one plot: drag a point, see its tangent, its value and its slope.

    .. math:: y = f(x), \qquad m = f'(x)

    Parameters
    ----------
    function : str
        The name of a function of the book: a key of `actgrad.derivations.FUNCTIONS`.
    x : float
        The point. It follows the page and can be set and observed from Python.
    x_range, y_range : tuple of two float
        The view. `y_range` defaults to what f and f' need.
    parameters : dict of str to float
        The function's parameters, by name; those left out take their defaults.
    slope_at_kink : float in [0, 1]
        What f' is taken to be where the function has a kink.
    overlay : str
        The name of a second function to compare with, or ``""``.
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

    function = traitlets.Unicode("sigmoid").tag(sync=True)
    x = traitlets.CFloat(1.0).tag(sync=True)
    x_range = traitlets.Tuple(
        traitlets.CFloat(), traitlets.CFloat(), default_value=(-8.0, 8.0)
    ).tag(sync=True)
    y_range = traitlets.Tuple(traitlets.CFloat(), traitlets.CFloat()).tag(sync=True)
    parameters = traitlets.Dict().tag(sync=True)
    slope_at_kink = traitlets.CFloat(0.0).tag(sync=True)
    overlay = traitlets.Unicode("").tag(sync=True)
    difference = traitlets.Bool(False).tag(sync=True)
    log_step = traitlets.CFloat(-1.0).tag(sync=True)

    def __init__(self, function: str = "sigmoid", **state: Any) -> None:
        super().__init__(function=function, **{"parameters": {}, **state})

    @traitlets.validate("function", "overlay")
    def _known_function(self, proposal: Any) -> str:
        name: str = proposal.value
        if name not in FUNCTIONS and not (name == "" and proposal.trait.name == "overlay"):
            raise traitlets.TraitError(
                f"{proposal.trait.name} must be one of {_NAMES}; got {name!r}"
            )
        return name

    @traitlets.validate("parameters")
    def _known_parameters(self, proposal: Any) -> dict[str, float]:
        known = parameters(self.function)
        for name, number in proposal.value.items():
            if name not in known:
                raise traitlets.TraitError(
                    f"{self.function} has no parameter {name!r}; "
                    f"its parameters are: {', '.join(known) or 'none'}"
                )
            low, high = known[name].minimum, known[name].maximum
            if not low <= float(number) <= high:
                raise traitlets.TraitError(
                    f"{name} must be a number from {low} to {high}; got {number!r}"
                )
        return complete(self.function, proposal.value)

    @traitlets.validate("x_range", "y_range")
    def _increasing(self, proposal: Any) -> tuple[float, float]:
        low, high = proposal.value
        if not (np.isfinite([low, high]).all() and low < high):
            raise traitlets.TraitError(
                f"{proposal.trait.name} must be two finite numbers (from, to) with from < to; "
                f"got {proposal.value!r}"
            )
        return low, high

    @traitlets.validate("x")
    def _finite(self, proposal: Any) -> float:
        x: float = proposal.value
        if not np.isfinite(x):
            raise traitlets.TraitError(f"x must be a finite number; got {x!r}")
        return x

    @traitlets.validate("slope_at_kink")
    def _in_subdifferential(self, proposal: Any) -> float:
        slope: float = proposal.value
        if not 0 <= slope <= 1:
            raise traitlets.TraitError(
                f"slope_at_kink must be a number from 0 to 1; got {slope!r}"
            )
        return slope

    @traitlets.validate("log_step")
    def _in_steps(self, proposal: Any) -> float:
        power: float = proposal.value
        if not -16 <= power <= 0:
            raise traitlets.TraitError(
                f"log_step is log10 of the step h, a number from -16 to 0; got {power!r}"
            )
        return power

    @traitlets.default("y_range")
    def _room_for_both(self) -> tuple[float, float]:
        _, y, slope = self._curves()
        low, high = min(y.min(), slope.min()), max(y.max(), slope.max())
        padding = 0.08 * (high - low)
        return float(low - padding), float(high + padding)

    def _curves(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x = np.linspace(*self.x_range, 401)
        function = FUNCTIONS[self.function]
        return x, value(function, x, self.parameters), derivative(function, x, self.parameters)

    def draw(self, figure: Figure) -> None:
        """Draw f and f' over the view."""
        x, y, slope = self._curves()
        axes = figure.subplots()
        axes.grid(alpha=0.25, linewidth=0.5)
        axes.plot(x, y, **_palette.line("function"), label="f(x)")
        axes.plot(x, slope, **_palette.line("derivative"), label="f′(x)")
        axes.set(xlim=self.x_range, ylim=self.y_range, xlabel="x")
        axes.legend(frameon=False, loc="upper left")

    def describe(self) -> str:
        """Return the text alternative, with the values that the curves take."""
        x, y, slope = self._curves()
        top = int(slope.argmax())
        return (
            f"Plot of {FUNCTIONS[self.function].title} f (solid) and its derivative f′ "
            f"(dashed) for x from {x[0]:g} to {x[-1]:g}. "
            f"f goes from {y[0]:.3g} to {y[-1]:.3g}; f′ goes from "
            f"{slope[0]:.3g} to {slope[-1]:.3g} and is largest, {slope[top]:.3g}, "
            f"at x = {x[top]:.2g}."
        )
