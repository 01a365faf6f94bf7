"""Activation functions and their gradients in NumPy, accurate to the tails."""

from actgrad.activations._contract import Activation
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.activations._from_definition import activation_of
from actgrad.activations._linear import Identity, Linear
from actgrad.activations._relu import ReLU
from actgrad.activations._sigmoid import Sigmoid
from actgrad.activations._softmax import Softmax
from actgrad.activations._softplus import Softplus
from actgrad.activations._tanh import Tanh
from actgrad.atlas import DEFINITIONS

# What is promised and not written by hand.
_FOLLOWING = {
    definition.class_name: activation_of(definition, __name__)
    for definition in DEFINITIONS.values()
    if definition.ulp is not None and definition.class_name not in globals()
}
globals().update(_FOLLOWING)

__all__ = [
    "Activation",
    "ElementwiseActivation",
    "Identity",
    "Linear",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    *_FOLLOWING,
]
