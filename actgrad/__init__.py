"""Activation functions and their gradients: derived, proved, implemented, explored.

``import actgrad`` loads nothing but the standard library: every name below is imported on
first use (Scientific Python's SPEC 1), so using activations loads NumPy only and using
derivations loads SymPy only.
"""

import lazy_loader

__version__ = "0.1.0"

_attached, _, _listed = lazy_loader.attach(
    __name__,
    submodules=[
        "activations",
        "atlas",
        "derivations",
        "exercises",
        "explorers",
        "gradient_check",
        "layers",
    ],
    submod_attrs={
        "gradient_check": ["check_gradient", "check_vjp"],
        "layers": ["Dense", "Sequential", "SoftmaxCrossEntropy", "SquaredError"],
    },
)


def __getattr__(name: str) -> object:
    """Import a name on first use; the activations' names are those of the records."""
    if name in _listed:
        return _attached(name)
    if name.startswith("__") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    activations = _attached("activations")
    if name == "__all__":
        return __dir__()
    if name in activations.__all__:
        return getattr(activations, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*_listed, *_attached("activations").__all__]
