"""What is left of a gradient after n layers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers import _palette
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._evaluate import derivative, value
from actgrad.explorers._traits import Name, Names, Number, Whole
from actgrad.notebook import number

_MOST = 40


class DepthExplorer(PlottedExplorer):
    r"""A gradient through n layers: choose the function, drag n, see what is left.

    .. math:: \frac{dx_n}{dx_0} = \prod_{k=0}^{n-1} f'(x_k), \qquad x_{k+1} = f(x_k)

    Parameters
    ----------
    function : str
        One of `functions`.
    functions : list of 1 to 12 str
        Names of functions of the book, from which a reader chooses.
    layers : int in [1, 40]
        The number of layers n.
    x : float
        The input :math:`x_0` of the first layer.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    Each layer is one neuron with the weight 1 and no bias, so that the slopes alone decide.
    """

    function = Name("sigmoid", tuple(ACTIVATIONS))
    functions = Names(("sigmoid", "tanh", "softplus", "relu"), tuple(ACTIVATIONS), 1, 12)
    layers = Whole(10, 1, _MOST)
    x = Number(1.0, -10.0, 10.0)

    def __init__(self, functions: Sequence[str] | None = None, **state: Any) -> None:
        if functions is not None:
            listed = list(functions) if isinstance(functions, list | tuple) else functions
            first = listed[0] if isinstance(listed, list) and listed else listed
            state = {"functions": listed, "function": first, **state}
        super().__init__(**state)

    @traitlets.validate("function")
    def _one_of_the_list(self, proposal: Any) -> str:
        name: str = proposal.value
        if name not in self.functions:
            raise traitlets.TraitError(
                f"function must be one of {', '.join(self.functions)}; got {name!r}"
            )
        return name

    def _left(self) -> np.ndarray:
        """Return what is left after 0, 1, ... layers."""
        function = ACTIVATIONS[self.function]
        defaults = function.definition.defaults
        x, left = np.array([self.x]), [1.0]
        for _ in range(_MOST):
            left.append(left[-1] * float(derivative(function, x, defaults)[0]))
            x = value(function, x, defaults)
        return np.array(left)

    def draw(self, figure: Figure) -> None:
        """Draw what is left after each layer on a logarithmic axis."""
        axes = figure.subplots()
        left = np.abs(self._left())
        line = _palette.line("derivative")
        axes.semilogy(range(self.layers + 1), left[: self.layers + 1], marker="o", **line)
        axes.axvline(self.layers, color="0.5", linewidth=0.8)
        axes.set(xlabel="layers n", ylabel="what is left", xlim=(0, _MOST), ylim=(1e-30, 10))

    def describe(self) -> str:
        """Return the text alternative: the function, the layers and what is left."""
        title = ACTIVATIONS[self.function].definition.title
        left = number(float(self._left()[self.layers]))
        return (
            f"What is left of a gradient after 0 to {self.layers} layers of {title}, on a "
            f"logarithmic axis: 1 before the first layer, {left} after {self.layers}."
        )
