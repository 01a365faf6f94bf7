"""Activation functions and their gradients in NumPy, accurate to the tails."""

from actgrad.activations._base import Activation, ElementwiseActivation
from actgrad.activations._sigmoid import Sigmoid

__all__ = ["Activation", "ElementwiseActivation", "Sigmoid"]
