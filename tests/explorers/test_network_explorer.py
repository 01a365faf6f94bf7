"""NetworkExplorer: the page's numbers and the picture's against actgrad's layers."""

import numpy as np
import pytest
import traitlets

from actgrad.activations import GELU, ReLU, Sigmoid, Tanh
from actgrad.explorers import NetworkExplorer
from actgrad.explorers._graph import LEAVES, NODES, graph
from actgrad.layers import Dense, Sequential, SquaredError

STEM = "network_explorer"
ACTIVATIONS = {"sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU(), "gelu": GELU()}
EXAMPLES = [
    (1.0, 2.0, 0.5, -0.5, 0.5, 1.0, 0.0, -1.0, 1.0, -0.5, 1.0),
    (-1.3, 0.7, 2.9, -3.0, 0.1, 1.7, 0.4, -0.2, -2.2, 0.6, -0.9),
    (3.0, -3.0, 3.0, -3.0, -3.0, 3.0, 3.0, -3.0, 3.0, 3.0, -3.0),
]
PAGE = """
  const { name, numbers } = argument;
  const own = defaults(name);
  const { at, parents } = graph({
    f: (x) => functions[name].value(x, own),
    slope: (x) => functions[name].derivative(x, own),
    leaves: numbers.slice(0, -1), target: numbers.at(-1) });
  return [at, backward(parents),
    Object.fromEntries(LEAVES.map((leaf) => [leaf, forward(parents, leaf)]))];
"""


def by_layers(activation, numbers):
    """Values and derivatives of L with actgrad's layers, by the graph's names."""
    x1, x2, w11, w12, w21, w22, b1, b2, v1, v2, target = numbers
    hidden = Dense([[w11, w12], [w21, w22]], [b1, b2], activation)
    z = np.array([[x1, x2]]) @ hidden.weights + hidden.bias
    a = hidden([[x1, x2]])
    network = Sequential((hidden, Dense([[v1], [v2]], [0.0])))
    y, vjp = network.value_and_vjp([[x1, x2]])
    loss, upstream = SquaredError().value_and_gradient(y, [[target]])
    first, second = vjp(upstream)
    values = dict(zip(NODES, (*z[0], *a[0], y[0, 0], loss), strict=True))
    slopes = [
        *(first.x[0], first.weights.ravel(), first.bias, second.weights.ravel()),
        *(activation.vjp(z, second.x)[0], second.x[0], upstream[0], [1.0]),
    ]
    return values, dict(zip((*LEAVES, *NODES), np.concatenate(slopes), strict=True))


def near(got, want):
    for name, number in want.items():
        assert got[name] == pytest.approx(number, rel=1e-12, abs=1e-13), name


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("numbers", EXAMPLES)
def test_page_and_picture_equal_actgrad(run, name, numbers):
    values, slopes = by_layers(ACTIVATIONS[name], numbers)
    at, backward, forward = run(STEM, PAGE, {"name": name, "numbers": numbers})
    near(at, values)
    near(backward, slopes)
    still = graph(name, dict(zip(LEAVES, numbers[:-1], strict=True)), numbers[-1])
    near(still.values, values)
    near(still.backward(), slopes)
    for leaf in LEAVES:
        # The passes forward and the pass back meet in the derivative of L by the leaf.
        assert forward[leaf]["L"] == pytest.approx(slopes[leaf], rel=1e-12, abs=1e-13)
        assert still.forward(leaf)["L"] == pytest.approx(slopes[leaf], rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("leaf", LEAVES)
def test_derivatives_of_every_node_are_those_of_differences(leaf):
    numbers, h = dict(zip(LEAVES, EXAMPLES[1][:-1], strict=True)), 1e-6
    ahead, behind = (
        graph("tanh", numbers | {leaf: numbers[leaf] + side * h}, 0.4).values
        for side in (1, -1)
    )
    tangent = graph("tanh", numbers, 0.4).forward(leaf)
    for node in NODES:
        difference = (ahead[node] - behind[node]) / (2 * h)
        assert tangent[node] == pytest.approx(difference, rel=1e-7, abs=1e-8)


def test_an_input_of_two_neurons_adds_what_comes_back():
    computed = NetworkExplorer()._graph()
    gradient = computed.backward()
    parts = [gradient[z] * computed.parents[z]["x1"] for z in ("z1", "z2")]
    assert gradient["x1"] == sum(parts)
    assert min(map(abs, parts)) > 0.1


def test_closed_gate():
    computed = NetworkExplorer("relu", biases=[0.0, -3.0])._graph()
    gradient = computed.backward()
    assert {name for name in LEAVES if gradient[name] == 0} == {"w12", "w22", "b2", "v2"}


def test_text_alternative_follows_the_direction():
    explorer = NetworkExplorer("relu")
    assert "Derivatives of L by: x1 0.5, x2 -0.125," in explorer.describe()
    explorer.direction = "x1"
    assert "Derivatives by x1 of: x1 1," in explorer.describe()
    assert explorer.describe().endswith(" L 0.5.")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"activation": "staircase"}, "activation must be one of sigmoid, tanh"),
        ({"inputs": [1.0]}, "inputs must be a list of 2 to 2 numbers from -3 to 3"),
        ({"weights": [4, 0, 0, 0]}, "weights must be a list of 4 to 4 numbers from -3 to 3"),
        ({"direction": "y"}, "direction must be one of backward, x1, x2, w11"),
        ({"step": 14}, "step must be a whole number from 0 to 13; got 14"),
        ({"target": "1"}, "target must be a number from -3 to 3; got '1'"),
    ],
)
def test_messages(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        NetworkExplorer(**state)


def test_letters_on_the_screen_lead_to_settings():
    with pytest.raises(TypeError, match="no setting 'w'; did you mean 'weights'\\?"):
        NetworkExplorer(w=[1, 1, 1, 1])
