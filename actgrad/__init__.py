"""Activation functions and their gradients: derived, proved, implemented, explored.

``import actgrad`` loads nothing but the standard library: every name below is imported on
first use (Scientific Python's SPEC 1), so using activations loads NumPy only and using
derivations loads SymPy only.
"""

import lazy_loader

from actgrad.atlas import DEFINITIONS

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
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
        "activations": [
            "Activation",
            "ElementwiseActivation",
            "Identity",
            *{d.class_name: None for d in DEFINITIONS.values() if d.ulp is not None},
        ],
        "gradient_check": ["check_gradient", "check_vjp"],
        "layers": ["Dense", "Sequential", "SoftmaxCrossEntropy", "SquaredError"],
    },
)
