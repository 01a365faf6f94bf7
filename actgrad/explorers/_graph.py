"""A network of two inputs, two neurons and one output, as the graph that ``graph.js`` draws."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from actgrad.derivations.functions import ACTIVATIONS
from actgrad.explorers._evaluate import derivative, value

LEAVES = ("x1", "x2", "w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2")
NODES = ("z1", "z2", "a1", "a2", "y", "L")


@dataclass(frozen=True)
class Graph:
    """Values of all nodes, and for each computed node the derivative by what it is made of.

    ``parents[node]`` maps each name that the node is computed from to the derivative of the
    node by it, the *local* derivative. Both directions need nothing else.
    """

    values: Mapping[str, float]
    parents: Mapping[str, Mapping[str, float]]

    def backward(self) -> dict[str, float]:
        """Return dL/d of every node and leaf, in one pass from L: upstream times local."""
        gradient = dict.fromkeys((*LEAVES, *NODES), 0.0) | {"L": 1.0}
        for node in reversed(NODES):
            for parent, local in self.parents[node].items():
                gradient[parent] += gradient[node] * local
        return gradient

    def forward(self, seed: str) -> dict[str, float]:
        """Return the derivative of every node by one leaf, in one pass from the leaf."""
        tangent = dict.fromkeys(LEAVES, 0.0) | {seed: 1.0}
        for node in NODES:
            tangent[node] = sum(
                local * tangent[parent] for parent, local in self.parents[node].items()
            )
        return tangent


def graph(activation: str, leaves: Mapping[str, float], target: float) -> Graph:
    """Return the graph of L = (y - t)^2 / 2 with z = x W + b, a = f(z), y = a v."""
    function = ACTIVATIONS[activation]
    own = function.definition.defaults
    at = dict(leaves)
    parents: dict[str, dict[str, float]] = {}
    for j in ("1", "2"):
        z, a, w1, w2 = f"z{j}", f"a{j}", f"w1{j}", f"w2{j}"
        at[z] = at["x1"] * at[w1] + at["x2"] * at[w2] + at[f"b{j}"]
        here = np.array(at[z])
        at[a] = float(value(function, here, own))
        parents[z] = {"x1": at[w1], "x2": at[w2], w1: at["x1"], w2: at["x2"], f"b{j}": 1.0}
        parents[a] = {z: float(derivative(function, here, own))}
    at["y"] = at["a1"] * at["v1"] + at["a2"] * at["v2"]
    parents["y"] = {"a1": at["v1"], "a2": at["v2"], "v1": at["a1"], "v2": at["a2"]}
    at["L"] = (at["y"] - target) ** 2 / 2
    parents["L"] = {"y": at["y"] - target}
    return Graph(at, parents)
