"""A stack of random layers, forward and backward: what ``network.js`` computes on the page."""

from dataclasses import dataclass

import numpy as np

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers._evaluate import derivative, value

WIDTH = 24
BATCH = 16
_OUTPUT = 1000  # the stream of the gradient at the output; a layer's number is its stream


def _mix(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    mixed: np.ndarray = x ^ (x >> np.uint32(16))
    return mixed


def normals(seed: int, stream: int, count: int) -> np.ndarray:
    """Return normal numbers that depend on nothing but seed and stream.

    A counter is hashed by Wellons' ``lowbias32``, a hash of 32 bits; pairs of the uniform
    numbers become normal ones by Box and Muller's transform.
    """
    start = (seed * 0x9E3779B9 + stream * 0x85EBCA6B) % 2**32
    key = _mix(np.array([start], np.uint32))
    counter = np.arange(2 * count, dtype=np.uint32)
    uniform = (_mix(key + counter * np.uint32(0x9E3779B9)) + 0.5) / 2**32
    first, second = uniform[0::2], uniform[1::2]
    drawn: np.ndarray = np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
    return drawn


@dataclass(frozen=True)
class Passes:
    """Values, gradients dL/dA and slopes f'(Z) of every layer; layer 0 holds the inputs."""

    values: list[np.ndarray]
    gradients: list[np.ndarray]
    slopes: list[np.ndarray]

    @staticmethod
    def rms(layers: list[np.ndarray]) -> np.ndarray:
        """Return the root mean square of each layer."""
        return np.array([np.sqrt((layer**2).mean()) for layer in layers])

    def dead(self) -> list[int]:
        """Return for each layer from 1 on how many units have slope 0 for every input."""
        return [int((slope == 0).all(axis=0).sum()) for slope in self.slopes]


def propagate(activation: str, depth: int, scale: float, seed: int) -> Passes:
    """Return both passes through `depth` layers with weights of N(0, scale² / width)."""
    function = ACTIVATIONS[activation]
    own = function.definition.defaults
    shape = (BATCH, WIDTH)
    weights = [
        scale / np.sqrt(WIDTH) * normals(seed, layer, WIDTH * WIDTH).reshape(WIDTH, WIDTH)
        for layer in range(1, depth + 1)
    ]
    values, slopes = [normals(seed, 0, BATCH * WIDTH).reshape(shape)], []
    for matrix in weights:
        z = values[-1] @ matrix
        values.append(value(function, z, own))
        slopes.append(derivative(function, z, own))
    gradients = [normals(seed, _OUTPUT, BATCH * WIDTH).reshape(shape)]
    for matrix, slope in zip(reversed(weights), reversed(slopes), strict=True):
        gradients.insert(0, (gradients[0] * slope) @ matrix.T)
    return Passes(values, gradients, slopes)
