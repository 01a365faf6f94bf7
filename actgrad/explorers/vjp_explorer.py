"""The vector-Jacobian product of softmax, in closed form and through the full Jacobian."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.activations import Softmax
from actgrad.explorers import _palette
from actgrad.explorers._bars import draw_bars
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._traits import Number, Numbers, Whole


class VJPExplorer(PlottedExplorer):
    r"""Cotangent bars in, gradient bars out; the same through the Jacobian, and both costs.

    .. math:: \frac{dL}{dz} = s\, y \odot (g - c), \quad c = \langle y, g \rangle,
       \qquad \frac{dL}{dz} = J^T g

    Parameters
    ----------
    logits : list of 2 to 6 float in [-5, 5]
        The input z of softmax.
    cotangent : list of float in [-2, 2]
        The upstream gradient g = dL/dy, one number for each logit.
    shift : float in [-5, 5]
        A number that is added to every g; the gradient does not move.
    stretch : float in [0.1, 10]
        The factor s.
    size : int from 2 to 100000
        The number k of classes for which operations are counted.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    An operation is one addition, subtraction or multiplication. Closed form: 2k - 1 for c,
    then k each for g - c, the product with y and that with s: 5k - 1. Through the Jacobian:
    k^2 products, k differences on the diagonal and k^2 products with s, then 2k^2 - k for the
    product with g: 4k^2.
    """

    logits = Numbers((2.0, 1.0, 0.1, -1.0), 2, 6, -5.0, 5.0)
    cotangent = Numbers((1.0, 0.0), 2, 6, -2.0, 2.0)
    shift = Number(0.0, -5.0, 5.0)
    stretch = Number(1.0, 0.1, 10.0)
    size = Whole(1000, 2, 100_000)

    @traitlets.validate("cotangent")
    def _one_for_each(self, proposal: Any) -> list[float]:
        given: list[float] = proposal.value
        if len(given) != len(self.logits):
            raise traitlets.TraitError(
                f"cotangent must have one number for each of the {len(self.logits)} logits; "
                f"got {len(given)}"
            )
        return given

    def __init__(self, logits: Any = (2.0, 1.0, 0.1, -1.0), **state: Any) -> None:
        super().__init__(logits=logits, **state)
        self.observe(self._follow_size, "logits")

    @traitlets.default("cotangent")
    def _first_alone(self) -> list[float]:
        return [1.0] + [0.0] * (len(self.logits) - 1)

    def _follow_size(self, change: Any) -> None:
        missing = len(self.logits) - len(self.cotangent)
        if missing:
            self.cotangent = [*self.cotangent, *[0.0] * missing][: len(self.logits)]

    def _shifted(self) -> np.ndarray:
        shifted: np.ndarray = np.array(self.cotangent) + self.shift
        return shifted

    def _results(self) -> tuple[np.ndarray, np.ndarray, float]:
        softmax, z, g = Softmax(stretch=self.stretch), np.array(self.logits), self._shifted()
        y = softmax(z)
        return y, softmax.vjp(z, g), float(y @ g)

    def draw(self, figure: Figure) -> None:
        """Draw the cotangent with c, the gradient, and the two counts of operations."""
        _, gradient, c = self._results()
        left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1, 1.15))
        draw_bars(left, self._shifted(), "g", _palette.line("overlay")["color"])
        left.axhline(c, linestyle="dashed", color="0.4")
        left.text(len(self.logits) - 0.6, c, f"c = {c:.2f}", ha="right", va="bottom")
        left.set_title("cotangent in", fontsize=9)
        draw_bars(middle, gradient, "d", _palette.line("derivative")["color"])
        middle.set_title("gradient out", fontsize=9)
        k = np.logspace(0.3, 5, 60)
        right.loglog(k, 5 * k - 1, **_palette.line("function"), label="closed form")
        right.loglog(k, 4 * k**2, **_palette.line("overlay"), label="full Jacobian")
        right.set(xlabel="k", title="operations")
        right.title.set_fontsize(9)
        right.legend(frameon=False, fontsize=8)

    def describe(self) -> str:
        """Return the text alternative: cotangent, gradient and both counts."""
        y, gradient, c = self._results()
        k = self.size
        cotangent = ", ".join(f"{g:g}" for g in self._shifted())
        return (
            f"The cotangent {cotangent} at the softmax output "
            f"{', '.join(f'{p:.3f}' for p in y)} has the weighted mean c = {c:.3f} and gives "
            f"the gradient {', '.join(f'{d:.3f}' for d in gradient)}, whose sum is 0. For "
            f"{k} classes the closed form takes {5 * k - 1} operations, the full Jacobian "
            f"{4 * k * k}."
        )
