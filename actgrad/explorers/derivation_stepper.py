"""A derivation revealed line by line."""

from typing import Any

import traitlets

from actgrad.derivations import Derivation
from actgrad.explorers._base import Explorer
from actgrad.explorers._traits import Whole

_MOST = 500


class DerivationStepper(Explorer):
    r"""Reveal a derivation line by line, forward and back, by button, arrow key or all at once.

    .. math:: f'(x) = \dots = \dots

    Parameters
    ----------
    derivation : Derivation, optional
        It is displayed as the table that it is, and the controls below it. Without one, the
        stepper takes the nearest derivation that stands above it.
    step : int
        How many lines are shown; at the start the first alone.
    lines : int
        How many there are; where no derivation is passed, the page finds out.

    Raises
    ------
    traitlets.TraitError
        For a value that a setting cannot take; the message says what to pass.
    TypeError
        For something that is no derivation, and for a setting that does not exist.

    Notes
    -----
    The mathematics stands on the page once, in the derivation's own table. Without JavaScript
    and on paper all of it is there, and the stepper shows nothing.
    """

    step = Whole(1, 1, _MOST)
    lines = Whole(0, 0, _MOST)

    def __init__(self, derivation: Derivation | None = None, **state: Any) -> None:
        if derivation is not None and not isinstance(derivation, Derivation):
            raise TypeError(
                "pass a derivation of actgrad.derivations, such as sigmoid_by_chain_rule(); "
                f"got {type(derivation).__name__}"
            )
        self._derivation = derivation
        if derivation is not None:
            state["lines"] = len(list(derivation.rows()))
        super().__init__(**state)

    @traitlets.validate("step")
    def _within_lines(self, proposal: Any) -> int:
        step: int = proposal.value
        if self.lines and step > self.lines:
            raise traitlets.TraitError(
                f"step must be a whole number from 1 to {self.lines}, "
                f"the lines of the derivation; got {step}"
            )
        return step

    def picture(self) -> str:
        """Return nothing to see: the derivation is on the page already."""
        return "<!-- controls of the derivation above -->"

    def describe(self) -> str:
        """Return what the controls are for."""
        return "Controls that reveal the derivation above line by line"

    def _ipython_display_(self, **kwargs: Any) -> None:
        from IPython.display import display

        if self._derivation is not None:
            display(self._derivation)  # type: ignore[no-untyped-call]
        data, metadata = self._repr_mimebundle_(**kwargs)
        display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
