"""SoftmaxExplorer and VJPExplorer: what the page computes against actgrad."""

import numpy as np
import pytest
import traitlets

from actgrad.activations import Softmax
from actgrad.explorers import SoftmaxExplorer, VJPExplorer

CASES = [([2.0, 1.0, 0.1], 1.0), ([5.0, -5.0, 0.0, 0.0, 3.0, 1.0], 10.0), ([1.0, 1.0], 0.1)]


@pytest.mark.parametrize(("z", "stretch"), CASES)
def test_page_equals_actgrad(run, z, stretch):
    body = "const y = softmax(...argument); return [y, jacobian(y, argument[1])];"
    y, jacobian = run("softmax_explorer", body, [z, stretch])
    softmax = Softmax(stretch=stretch)
    np.testing.assert_allclose(y, softmax(np.array(z)), rtol=1e-13)
    np.testing.assert_allclose(jacobian, softmax.jacobian(np.array(z)), rtol=1e-12, atol=0)


def test_operations_are_counted_as_the_docstring_says(run):
    def closed(k):
        dot = k + (k - 1)
        return dot + k + k + k

    def full(k):
        jacobian = k * k + k + k * k
        return jacobian + k * k + k * (k - 1)

    for k in (2, 3, 10, 1000):
        assert run("vjp_explorer", "return [closed(argument), full(argument)];", k) == [
            closed(k),
            full(k),
        ]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"logits": [1.0]}, "logits must be a list of 2 to 6 numbers from -5 to 5"),
        ({"logits": [1.0, 9.0]}, "logits must be a list of 2 to 6 numbers from -5 to 5"),
        ({"logits": "abc"}, "logits must be a list"),
        ({"logits": 3}, "logits must be a list"),
        ({"stretch": -1}, "stretch must be a number from 0.1 to 10; got -1"),
        ({"shift": float("nan")}, "shift must be a number from -5 to 5"),
        ({"cell": (0, 1)}, r"cell must be a pair \(i, j\) of whole numbers from 1 to 6"),
        ({"cell": (1, 2, 3)}, "cell must be a pair"),
    ],
)
def test_softmax_messages(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        SoftmaxExplorer(**state)


def test_cotangent_follows_the_logits():
    explorer = VJPExplorer([1.0, 2.0, 3.0])
    assert explorer.cotangent == [1.0, 0.0, 0.0]
    explorer.logits = [1.0, 2.0, 3.0, 4.0]
    assert explorer.cotangent == [1.0, 0.0, 0.0, 0.0]
    explorer.logits = [1.0, 2.0]
    assert explorer.cotangent == [1.0, 0.0]
    with pytest.raises(
        traitlets.TraitError, match="one number for each of the 2 logits; got 3"
    ):
        explorer.cotangent = [1.0, 0.0, 0.0]


def test_text_alternatives_say_the_values():
    text = SoftmaxExplorer([2.0, 1.0, 0.1]).describe()
    for value in Softmax()(np.array([2.0, 1.0, 0.1])):
        assert f"{value:.3f}" in text
    assert "4999 operations" in VJPExplorer(size=1000).describe()
    assert "4000000" in VJPExplorer(size=1000).describe()
