"""Explorers: interactive figures that run on the static page and in Jupyter alike."""

from typing import Any

import lazy_loader

from actgrad._extras import needs

_attribute, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "backpropagation_explorer": ["BackpropagationExplorer"],
        "activation_explorer": ["ActivationExplorer"],
        "comparison_explorer": ["ComparisonExplorer"],
        "depth_explorer": ["DepthExplorer"],
        "derivation_stepper": ["DerivationStepper"],
        "exploration": ["Exploration", "explore"],
        "network_explorer": ["NetworkExplorer"],
        "precision_explorer": ["PrecisionExplorer"],
        "softmax_explorer": ["SoftmaxExplorer"],
        "vjp_explorer": ["VJPExplorer"],
    },
)


def __getattr__(name: str) -> Any:
    with needs("explorers"):
        return _attribute(name)
