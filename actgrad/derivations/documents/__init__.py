"""The derivations of the four source documents, each under its own name, in book order."""

from collections.abc import Callable, Mapping

from actgrad.derivations._derivation import Derivation
from actgrad.derivations.documents._sigmoid import (
    sigmoid_by_chain_rule,
    sigmoid_by_difference_of_squares,
    sigmoid_by_quotient_rule,
    sigmoid_from_probability,
)

_IN_ORDER: tuple[Callable[[], Derivation], ...] = (
    sigmoid_by_chain_rule,
    sigmoid_by_quotient_rule,
    sigmoid_by_difference_of_squares,
    sigmoid_from_probability,
)

DERIVATIONS: Mapping[str, Callable[[], Derivation]] = {
    function.__name__: function for function in _IN_ORDER
}

__all__ = ["DERIVATIONS", *DERIVATIONS]
