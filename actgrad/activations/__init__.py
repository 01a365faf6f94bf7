"""Activation functions and their gradients in NumPy, accurate to the tails."""

from actgrad.activations._contract import Activation
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.activations._linear import Identity, Linear
from actgrad.activations._relu import ReLU
from actgrad.activations._sigmoid import Sigmoid
from actgrad.activations._softmax import Softmax
from actgrad.activations._softplus import Softplus
from actgrad.activations._tanh import Tanh

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
]
