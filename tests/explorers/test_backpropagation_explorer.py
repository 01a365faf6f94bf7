"""BackpropagationExplorer: the page's network against actgrad's own activations."""

import numpy as np
import pytest
import traitlets

from actgrad.activations import ReLU, Sigmoid, Softplus, Tanh
from actgrad.explorers import BackpropagationExplorer
from actgrad.explorers._network import BATCH, WIDTH, normals, propagate

STEM = "backpropagation_explorer"
ACTIVATIONS = {"sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU(), "softplus": Softplus()}


def passes(activation, depth, scale, seed):
    """Forward and backward with actgrad's value_and_vjp."""
    a = normals(seed, 0, BATCH * WIDTH).reshape(BATCH, WIDTH)
    values, backward = [a], []
    for layer in range(1, depth + 1):
        w = scale / np.sqrt(WIDTH) * normals(seed, layer, WIDTH**2).reshape(WIDTH, WIDTH)
        a, vjp = activation.value_and_vjp(a @ w)
        values.append(a)
        backward.append((w, vjp))
    gradients = [normals(seed, 1000, BATCH * WIDTH).reshape(BATCH, WIDTH)]
    for w, vjp in reversed(backward):
        gradients.append(vjp(gradients[-1]) @ w.T)
    return values, gradients[::-1]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize(("depth", "scale", "seed"), [(1, 1.0, 1), (12, 1.0, 1), (30, 2.5, 77)])
def test_page_and_picture_equal_actgrad(run, name, depth, scale, seed):
    body = """
      const { name, ...rest } = argument;
      const own = defaults(name);
      const { values, gradients } = propagate({ ...rest,
        f: (x) => functions[name].value(x, own),
        slope: (x) => functions[name].derivative(x, own) });
      return { values, gradients };
    """
    argument = {"name": name, "depth": depth, "scale": scale, "seed": seed}
    page = run(STEM, body, argument)
    drawn = propagate(name, depth, scale, seed)
    values, gradients = passes(ACTIVATIONS[name], depth, scale, seed)
    for kind, want in (("values", values), ("gradients", gradients)):
        for layer in range(depth + 1):
            # A sum that cancels keeps the error of its largest terms.
            size = np.abs(want[layer]).max()
            flat = want[layer].ravel()
            np.testing.assert_allclose(page[kind][layer], flat, rtol=1e-9, atol=1e-11 * size)
            still = getattr(drawn, kind)[layer].ravel()
            np.testing.assert_allclose(still, flat, rtol=1e-9, atol=1e-11 * size)


def test_page_draws_the_same_normal_numbers(run):
    numbers = run(STEM, "return normals(123, 7, 500);")
    np.testing.assert_allclose(numbers, normals(123, 7, 500), rtol=1e-13)


def test_normal_numbers_are_normal():
    numbers = normals(1, 1, 200_000)
    assert abs(numbers.mean()) < 0.01
    assert abs(numbers.std() - 1) < 0.01
    inside = (np.abs(numbers) < 1).mean()
    assert abs(inside - 0.6827) < 0.005
    others = normals(1, 2, 200_000), normals(2, 1, 200_000)
    for other in others:
        assert abs(np.corrcoef(numbers, other)[0, 1]) < 0.01


def test_what_the_chapter_says_is_there_to_see():
    vanishing = propagate("sigmoid", 12, 1.0, 1)
    sizes = vanishing.rms(vanishing.gradients)
    assert sizes[0] < 1e-6 * sizes[-1]
    dying = propagate("relu", 20, 1.4, 1)
    assert sum(dying.dead()) > 50
    assert sum(propagate("tanh", 20, 1.4, 1).dead()) == 0


def test_messages():
    explorer = BackpropagationExplorer(depth=4, layer=4)
    explorer.depth = 2
    assert explorer.layer == 2
    with pytest.raises(traitlets.TraitError, match="from 0 to the depth, 2; got 3"):
        explorer.layer = 3
    with pytest.raises(traitlets.TraitError, match="depth must be a whole number from 1 to 30"):
        explorer.depth = 2.5
    with pytest.raises(traitlets.TraitError, match="activation must be one of sigmoid, tanh"):
        BackpropagationExplorer("staircase")


def test_text_alternative_says_both_ends():
    text = BackpropagationExplorer("relu", depth=20, scale=1.4).describe()
    assert "Dead units: 115 of 480" in text
