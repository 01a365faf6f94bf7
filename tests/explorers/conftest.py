"""The explorers' JavaScript, run by the node that pip installed."""

import pytest

from actgrad.explorers._base import module_text

EXPLORERS = {
    "ActivationExplorer": "activation_explorer",
    "BackpropagationExplorer": "backpropagation_explorer",
    "ComparisonExplorer": "comparison_explorer",
    "DepthExplorer": "depth_explorer",
    "DerivationStepper": "derivation_stepper",
    "NetworkExplorer": "network_explorer",
    "PrecisionExplorer": "precision_explorer",
    "SoftmaxExplorer": "softmax_explorer",
    "VJPExplorer": "vjp_explorer",
}


@pytest.fixture(scope="session")
def run(javascript):
    """Return a function: what a piece of JavaScript returns, put after the named module."""

    def run_(stem, body, argument=None):
        text = module_text(stem).replace("export default", "const explorer =")
        return javascript(text, body, argument)

    return run_
