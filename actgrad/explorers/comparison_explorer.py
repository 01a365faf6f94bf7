"""Several functions and their derivatives on one plot."""

from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers import _palette
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._evaluate import broken_at_jumps, derivative, value
from actgrad.explorers._parameters import complete
from actgrad.explorers._traits import Interval, Name, Names, Number, Switch

_MARKS = "os^Dv+"
_MOST = len(_MARKS)


class ComparisonExplorer(PlottedExplorer):
    r"""Functions and their derivatives overlaid; each can be switched off, one can be moved.

    .. math:: x \mapsto f_1(x), f_2(x), \dots \qquad x \mapsto f_1'(x), f_2'(x), \dots

    Parameters
    ----------
    functions : list of 1 to 6 str
        Names of functions of the book.
    shown : list of str
        Those that are switched on; all of them by default.
    x : float
        Where the values in the table are taken.
    x_range, y_range : tuple of two float
        The view. `y_range` defaults to what the curves need, and follows `values` and
        `derivatives`.
    parameters : dict of str to dict
        The parameters of each function by its name: ``{"softplus": {"beta": 2.0}}``.
    rescale : str
        One of the functions, drawn as a f(s x) + c with sliders for a, s and c, or ``""``.
    scale, stretch, shift : float
        The numbers a in [-4, 4], s in [0.1, 4] and c in [-4, 4].
    values, derivatives : bool
        Whether the functions and their derivatives are drawn.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    With two functions the largest gap between them over the view is shown, and that between
    their derivatives. tanh x = 2 sigma(2x) - 1 is found with ``rescale="sigmoid"``.
    """

    functions = Names(("sigmoid", "tanh"), tuple(ACTIVATIONS), 1, _MOST)
    shown = Names((), tuple(ACTIVATIONS), 0, _MOST)
    x = Number(1.0)
    x_range = Interval((-6.0, 6.0))
    y_range = Interval()
    parameters = traitlets.Dict().tag(sync=True)
    rescale = Name("", ("", *ACTIVATIONS))
    scale = Number(1.0, -4.0, 4.0)
    stretch = Number(1.0, 0.1, 4.0)
    shift = Number(0.0, -4.0, 4.0)
    values = Switch(True)
    derivatives = Switch(True)

    def __init__(self, functions: Sequence[str] = ("sigmoid", "tanh"), **state: Any) -> None:
        listed = list(functions) if isinstance(functions, list | tuple) else functions
        super().__init__(
            functions=listed, **{"shown": listed, "parameters": {}, "rescale": "", **state}
        )
        self.observe(self._start_over, "functions")
        self.observe(self._follow_what_is_drawn, ["values", "derivatives"])

    def _start_over(self, change: Any) -> None:
        with self.hold_sync():
            self.parameters = {}
            self.shown = self.functions
            if self.rescale not in self.functions:
                self.rescale = ""
            self.y_range = self._room_for_all()

    @traitlets.validate("shown", "rescale")
    def _one_of_ours(self, proposal: Any) -> Any:
        given = proposal.value if isinstance(proposal.value, list) else [proposal.value]
        if set(given) - {*self.functions, ""}:
            raise traitlets.TraitError(
                f"{proposal.trait.name} must name functions that are compared: "
                f"{', '.join(self.functions)}; got {proposal.value!r}"
            )
        return proposal.value

    @traitlets.validate("parameters")
    def _complete(self, proposal: Any) -> dict[str, dict[str, float]]:
        for name in proposal.value:
            if name not in self.functions:
                raise traitlets.TraitError(
                    "parameters must be a dict from the name of a compared function to its "
                    f"parameters; {name!r} is not compared"
                )
        given = proposal.value
        return {
            name: complete(ACTIVATIONS[name].definition, given.get(name, {}))
            for name in self.functions
        }

    def _follow_what_is_drawn(self, change: Any) -> None:
        if self.values or self.derivatives:
            self.y_range = self._room_for_all()

    @traitlets.default("y_range")
    def _room_for_all(self) -> tuple[float, float]:
        kinds = self.values or not self.derivatives, self.derivatives or not self.values
        drawn = [curve for _, *pair in self._curves() for curve in compress(pair, kinds)]
        everything = np.concatenate(drawn)
        padding = 0.08 * max(float(np.ptp(everything)), 1e-3)
        return float(everything.min() - padding), float(everything.max() + padding)

    def _grid(self) -> np.ndarray:
        return np.linspace(self.x_range[0], self.x_range[1], 401)

    def _curves(self) -> list[tuple[str, np.ndarray, np.ndarray]]:
        curves = []
        for name in self.functions:
            function, own = ACTIVATIONS[name], self.parameters[name]
            a, s, c = 1.0, 1.0, 0.0
            if name == self.rescale:
                a, s, c = self.scale, self.stretch, self.shift
            inputs = s * self._grid()
            y = a * value(function, inputs, own) + c
            curves.append((name, y, a * s * derivative(function, inputs, own)))
        return curves

    def _title(self, name: str) -> str:
        title = ACTIVATIONS[name].title
        if name != self.rescale:
            return title
        return f"{self.scale:g} · {title}({self.stretch:g}x) + {self.shift:g}"

    def draw(self, figure: Figure) -> None:
        """Draw every function solid and every derivative dashed."""
        axes = figure.subplots()
        axes.grid(alpha=0.25, linewidth=0.5)
        dashed = _palette.line("derivative")["linestyle"]
        for number, (name, y, slope) in enumerate(self._curves()):
            if name not in self.shown:
                continue
            colour = _palette.line(number)["color"]
            title = self._title(name)
            marks: dict[str, Any] = {
                "marker": _MARKS[number],
                "markevery": (40, 80),
                "markerfacecolor": "white",
            }
            if self.values:
                axes.plot(self._grid(), y, color=colour, linewidth=2, label=title, **marks)
            if self.derivatives:
                named: dict[str, Any] = (
                    {} if self.values else {"label": f"{title}, derivative", **marks}
                )
                inputs = self._grid() * (self.stretch if name == self.rescale else 1.0)
                own = self.parameters[name]
                slope = broken_at_jumps(ACTIVATIONS[name], inputs, slope, own)
                axes.plot(
                    self._grid(), slope, color=colour, linewidth=1.3, linestyle=dashed, **named
                )
        axes.set(xlim=self.x_range, ylim=self.y_range, xlabel="x")
        if axes.lines:
            axes.legend(frameon=False, loc="upper left")

    def describe(self) -> str:
        """Return the text alternative, with the values that the curves take."""
        start, end = self.x_range
        parts = [
            f"{self._title(name)} goes from {y[0]:.3g} to {y[-1]:.3g}, "
            f"its derivative from {slope[0]:.3g} to {slope[-1]:.3g} with largest value "
            f"{slope.max():.3g}"
            for name, y, slope in self._curves()
        ]
        return (
            f"Plot of functions (solid) and their derivatives (dashed) for x from {start:g} "
            f"to {end:g}. {'; '.join(parts)}."
        )
