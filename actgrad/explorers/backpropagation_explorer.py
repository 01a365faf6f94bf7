"""A stack of random layers: values forward, gradients backward, dead and saturated units."""

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers import _palette
from actgrad.explorers._base import PlottedExplorer
from actgrad.explorers._network import BATCH, WIDTH, Passes, propagate
from actgrad.explorers._traits import Name, Number, Whole


class BackpropagationExplorer(PlottedExplorer):
    r"""Choose activation, depth and scale of the weights; see what reaches each layer.

    .. math:: A_l = f(A_{l-1} W_l), \qquad
       \frac{dL}{dA_{l-1}} = \left(\frac{dL}{dA_l} \odot f'(A_{l-1} W_l)\right) W_l^T

    Parameters
    ----------
    activation : str
        The name of a function of the book.
    depth : int from 1 to 30
        The number of layers.
    scale : float in [0.1, 4]
        The weights are drawn from N(0, scale² / width).
    seed : int from 1 to 9999
        It fixes inputs, weights and the gradient at the output.
    layer : int from 0 to `depth`
        The layer whose numbers are shown; 0 holds the inputs.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For a setting that does not exist.

    Notes
    -----
    24 units a layer, a batch of 16 inputs from N(0, 1), no biases. A unit is dead if its slope
    is 0 for every input of the batch, saturated if the mean of its slopes is below 1/10 of the
    largest slope of f. The random numbers are those of `normals` in ``_network.py``, the same
    in Python and on the page.
    """

    activation = Name("sigmoid", tuple(ACTIVATIONS))
    depth = Whole(12, 1, 30)
    scale = Number(1.0, 0.1, 4.0)
    seed = Whole(1, 1, 9999)
    layer = Whole(1, 0, 30)

    def __init__(self, activation: str = "sigmoid", **state: Any) -> None:
        super().__init__(activation=activation, **state)

    @traitlets.validate("layer")
    def _within_depth(self, proposal: Any) -> int:
        layer: int = proposal.value
        if layer > self.depth:
            raise traitlets.TraitError(
                f"layer must be a whole number from 0 to the depth, {self.depth}; got {layer}"
            )
        return layer

    @traitlets.observe("depth")
    def _stay_within(self, change: Any) -> None:
        self.layer = min(self.layer, self.depth)

    def _passes(self) -> Passes:
        return propagate(self.activation, self.depth, self.scale, self.seed)

    def draw(self, figure: Figure) -> None:
        """Draw the sizes of values and gradients by layer on a logarithmic axis."""
        passes = self._passes()
        axes = figure.subplots()
        layers = np.arange(self.depth + 1)
        values, gradients = passes.rms(passes.values), passes.rms(passes.gradients)
        axes.semilogy(layers, values, **_palette.line("function"), marker="o", label="values A")
        axes.semilogy(
            layers,
            gradients,
            **_palette.line("derivative"),
            marker="s",
            label="gradients dL/dA",
        )
        axes.set(xlabel="layer", ylabel="root mean square")
        axes.legend(frameon=False)

    def describe(self) -> str:
        """Return the text alternative: the sizes at both ends and the dead units."""
        passes = self._passes()
        values, gradients = passes.rms(passes.values), passes.rms(passes.gradients)
        return (
            f"Root mean square by layer in {self.depth} layers of {WIDTH} units with "
            f"{ACTIVATIONS[self.activation].title} and weights of scale {self.scale:g}, for "
            f"{BATCH} inputs. The values go from {values[0]:.2g} at the input to "
            f"{values[-1]:.2g} at the output; the gradient goes back from {gradients[-1]:.2g} "
            f"at the output to {gradients[0]:.2g} at the input. Dead units: "
            f"{sum(passes.dead())} of {self.depth * WIDTH}."
        )
