"""A small network in numbers: every value forward, every derivative back, node by node."""

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers import _palette
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._graph import LEAVES, Graph, graph
from actgrad.explorers._traits import Name, Number, Numbers, Whole

STEPS = 13
BACKWARD = "backward"
_TEXT: dict[str, Any] = {"ha": "center", "va": "center", "size": 8}
# Along and across the still picture.
_PLACES = {
    **{f"x{i}": (0.0, 2.5 * i - 2.5) for i in (1, 2)},
    **{f"z{j}": (2.4, 2.5 * j - 2.5) for j in (1, 2)},
    **{f"b{j}": (2.4, 4.3 * j - 5.2) for j in (1, 2)},
    **{f"a{j}": (3.75, 2.5 * j - 2.5) for j in (1, 2)},
    "y": (5.2, 1.25),
    "L": (6.4, 1.25),
}
_EDGES = (
    *((f"x{i}", f"z{j}", f"w{i}{j}") for i in (1, 2) for j in (1, 2)),
    *((f"z{j}", f"a{j}", "") for j in (1, 2)),
    *((f"a{j}", "y", f"v{j}") for j in (1, 2)),
    ("y", "L", ""),
)


class NetworkExplorer(PlottedExplorer):
    r"""A network of 2 inputs, 2 neurons and 1 output, with every number on its edge.

    .. math:: z = x W + b, \quad a = f(z), \quad y = a \cdot v, \quad
       L = \tfrac12 (y - t)^2, \qquad
       \frac{\partial L}{\partial x_i} = \sum_j \frac{\partial L}{\partial z_j}\, w_{ij}

    Parameters
    ----------
    activation : str
        The name of a function of the book.
    inputs : list of 2 float in [-3, 3]
        The example x.
    weights : list of 4 float in [-3, 3]
        W row by row: w11, w12, w21, w22; w_ij leads from input i to neuron j.
    biases : list of 2 float in [-3, 3]
        b, one number a neuron.
    output_weights : list of 2 float in [-3, 3]
        v, from each neuron to the output.
    target : float in [-3, 3]
        What the output y should be.
    direction : str
        ``"backward"`` for the derivatives of L by everything, in one pass from L; the name of
        an input or a parameter, such as ``"x1"`` or ``"w11"``, for the derivatives of
        everything by it, in one pass forward.
    step : int from 0 to 13
        How many numbers have been computed: 6 values, then 7 nodes with their derivatives.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    The still picture shows the numbers of every step.
    """

    activation = Name("relu", tuple(ACTIVATIONS))
    inputs = Numbers((1.0, 2.0), 2, 2, -3.0, 3.0)
    weights = Numbers((0.5, -1.0, 0.5, 1.5), 4, 4, -3.0, 3.0)
    biases = Numbers((0.0, 0.0), 2, 2, -3.0, 3.0)
    output_weights = Numbers((1.0, -0.5), 2, 2, -3.0, 3.0)
    target = Number(0.0, -3.0, 3.0)
    direction = Name(BACKWARD, (BACKWARD, *LEAVES))
    step = Whole(0, 0, STEPS)

    _on_screen = {  # noqa: RUF012
        **dict.fromkeys(("x", "x1", "x2"), "inputs"),
        **dict.fromkeys(("W", "w"), "weights"),
        "b": "biases",
        "v": "output_weights",
        "t": "target",
        "derivatives": "direction",
    }

    def __init__(self, activation: str = "relu", **state: Any) -> None:
        super().__init__(activation=activation, **state)

    def _graph(self) -> Graph:
        settings = (self.inputs, self.weights, self.biases, self.output_weights)
        numbers = [number for setting in settings for number in setting]
        return graph(self.activation, dict(zip(LEAVES, numbers, strict=True)), self.target)

    def derivatives(self) -> dict[str, float]:
        """Return the derivatives that the graph shows, by name: of L, or by the chosen leaf.

        Returns
        -------
        dict of str to float
            A number for each node and leaf.

        Examples
        --------
        >>> NetworkExplorer().derivatives()["x1"]
        0.5
        >>> NetworkExplorer(direction="x1").derivatives()["L"]
        0.5
        """
        computed = self._graph()
        if self.direction == BACKWARD:
            return computed.backward()
        return computed.forward(self.direction)

    def draw(self, figure: Figure) -> None:
        """Draw the graph: values in the nodes and on the edges, derivatives below them."""
        computed = self._graph()
        derivatives = self.derivatives()
        axes = figure.subplots()
        axes.axis("off")
        axes.set(xlim=(-0.4, 6.8), ylim=(3.7, -1.2))
        for start, end, weight in _EDGES:
            (x1, y1), (x2, y2) = _PLACES[start], _PLACES[end]
            gap = 0.38 / math.hypot(x2 - x1, y2 - y1)
            # Two that cross keep their numbers apart; no line runs through a number.
            share = 0.3 if y1 != y2 and weight.startswith("w") else 0.5
            place = (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
            parts = [(gap, share - gap), (share + gap, 1 - gap)] if weight else [(gap, 1 - gap)]
            for part in parts:
                if part[0] < part[1]:
                    along, across = (
                        [u + s * (v - u) for s in part] for u, v in ((x1, x2), (y1, y2))
                    )
                    axes.plot(along, across, color="0.5", linewidth=1)
            if weight:
                _write(axes, place, weight, computed.values[weight], derivatives[weight])
            else:
                name = "f′ " if end != "L" else ""
                local = _digits(computed.parents[end][start])
                axes.text(place[0], place[1] - 0.16, name + local, **_TEXT)
        for name, place in _PLACES.items():
            _write(axes, place, name, computed.values[name], derivatives[name])

    def describe(self) -> str:
        """Return the text alternative: the values, then the derivatives."""
        computed = self._graph()
        derivatives = self.derivatives()
        by = self.direction
        kind = "of L by" if by == BACKWARD else f"by {by} of"
        nodes = ", ".join(f"{name} = {value:.3g}" for name, value in computed.values.items())
        slopes = ", ".join(f"{name} {value:.3g}" for name, value in derivatives.items())
        return (
            f"Graph of a network of two inputs, two neurons with "
            f"{ACTIVATIONS[self.activation].title} and one output. Values: {nodes}; the target "
            f"is {self.target:g}. Derivatives {kind}: {slopes}."
        )


def _digits(value: float) -> str:
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def _write(
    axes: Axes, place: tuple[float, float], name: str, value: float, derivative: float
) -> None:
    """Write a name with its value and, below, the derivative."""
    x, y = place
    letter = f"${name[0]}_{{{name[1:]}}}$" if name[1:] else f"${name}$"
    axes.text(x, y - 0.14, f"{letter} {_digits(value)}", **_TEXT)
    colour = _palette.line("derivative")["color"]
    axes.text(x, y + 0.18, f"∂ {_digits(derivative)}", color=colour, **_TEXT)
