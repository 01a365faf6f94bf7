"""Activation functions and their gradients in NumPy, accurate to the tails."""

from actgrad.activations._contract import Activation
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.activations._from_definition import activation_of, by_class
from actgrad.activations._gated import GLU, ClampedSwiGLU, GatedPair, GeGLU, ReGLU, SwiGLU
from actgrad.activations._linear import Identity, Linear
from actgrad.activations._log_softmax import LogSoftmax, LogSumExp
from actgrad.activations._relu import ReLU
from actgrad.activations._sigmoid import Sigmoid
from actgrad.activations._softmax import Softmax, Softmin
from actgrad.activations._softplus import Softplus
from actgrad.activations._sparsemax import Sparsemax
from actgrad.activations._tanh import Tanh
from actgrad.atlas import DEFINITIONS

# What is promised and not written by hand; records of one class are its choices.
_FOLLOWING = {
    name: activation_of(*records, module=__name__)
    for name, records in by_class(DEFINITIONS.values()).items()
    if name not in globals()
}
globals().update(_FOLLOWING)

__all__ = [
    "GLU",
    "Activation",
    "ClampedSwiGLU",
    "ElementwiseActivation",
    "GatedPair",
    "GeGLU",
    "Identity",
    "Linear",
    "LogSoftmax",
    "LogSumExp",
    "ReGLU",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Softmin",
    "Softplus",
    "Sparsemax",
    "SwiGLU",
    "Tanh",
    *_FOLLOWING,
]
