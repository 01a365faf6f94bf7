"""The derivations that the book cites, each under its own name, in book order."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from actgrad.derivations._derivation import Derivation
from actgrad.derivations.documents import (
    _cross_entropy,
    _gated,
    _layer,
    _linear,
    _normal,
    _product_and_quotient,
    _relu,
    _sigmoid,
    _softmax,
    _softplus,
    _tanh,
)

_IN_ORDER = (
    _layer,
    _product_and_quotient,
    _sigmoid,
    _tanh,
    _linear,
    _relu,
    _softplus,
    _normal,
    _softmax,
    _cross_entropy,
    _gated,
)

DERIVATIONS: Mapping[str, Callable[[], Derivation]] = MappingProxyType(
    {
        name: function
        for module in _IN_ORDER
        for name, function in vars(module).items()
        if hasattr(function, "is_derivation") and not name.startswith("_")
    }
)
globals().update(DERIVATIONS)

__all__ = ["DERIVATIONS", *DERIVATIONS]
