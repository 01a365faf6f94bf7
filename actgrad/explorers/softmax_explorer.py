"""Softmax: logits to drag, probabilities, and the Jacobian cell by cell."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from actgrad.activations import Softmax
from actgrad.explorers import _palette
from actgrad.explorers._bars import draw_bars, draw_matrix
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._traits import Number, Numbers, Pair


class SoftmaxExplorer(PlottedExplorer):
    r"""Bars of logits to drag, the probabilities, and the Jacobian, each cell explained.

    .. math:: y_i = \frac{e^{s z_i}}{\sum_j e^{s z_j}}, \qquad
       \frac{\partial y_i}{\partial z_j} = s\, y_i (\delta_{ij} - y_j)

    Parameters
    ----------
    logits : list of 2 to 6 float in [-5, 5]
        The inputs z.
    stretch : float in [0.1, 10]
        The factor s.
    shift : float in [-5, 5]
        A constant c that is added to every logit; the probabilities do not move.
    cell : tuple of two int
        Row i and column j of the entry that is explained, counted from 1.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.
    """

    logits = Numbers((2.0, 1.0, 0.1), 2, 6, -5.0, 5.0)
    stretch = Number(1.0, 0.1, 10.0)
    shift = Number(0.0, -5.0, 5.0)
    cell = Pair((1, 1), 6)

    def __init__(self, logits: Any = (2.0, 1.0, 0.1), **state: Any) -> None:
        super().__init__(logits=logits, **state)

    def _results(self) -> tuple[np.ndarray, np.ndarray]:
        softmax, z = Softmax(stretch=self.stretch), np.array(self.logits) + self.shift
        return softmax(z), softmax.jacobian(z)

    def draw(self, figure: Figure) -> None:
        """Draw logits, probabilities and the Jacobian."""
        y, jacobian = self._results()
        left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1, 1.15))
        draw_bars(left, self.logits, "z", _palette.line("overlay")["color"])
        draw_bars(middle, y, "y", _palette.line("function")["color"])
        left.set_title("logits", fontsize=9)
        middle.set_title("probabilities", fontsize=9)
        draw_matrix(right, jacobian)
        right.set_title("Jacobian", fontsize=9)

    def describe(self) -> str:
        """Return the text alternative: logits, probabilities and the Jacobian's entries."""
        y, jacobian = self._results()
        rows = "; ".join(", ".join(f"{value:.3f}" for value in row) for row in jacobian)
        return (
            f"Softmax with stretch {self.stretch:g} of the logits "
            f"{', '.join(f'{z:g}' for z in self.logits)} gives the probabilities "
            f"{', '.join(f'{value:.3f}' for value in y)}. Its Jacobian has the rows {rows}: "
            "positive on the diagonal, negative elsewhere, every row sums to zero."
        )
