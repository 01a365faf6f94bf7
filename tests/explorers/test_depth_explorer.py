"""What is left of a gradient after n layers: on the page, in Python, and by differences."""

import mpmath
import numpy as np
import pytest
import traitlets

from actgrad import Sigmoid, Tanh
from actgrad.explorers import DepthExplorer

NAMES = ["sigmoid", "tanh", "softplus", "relu", "gelu", "silu"]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_computes_what_the_picture_shows(run, name):
    explorer = DepthExplorer(NAMES, function=name, x=0.75)
    left = run("depth_explorer", "return leftAfter(argument[0], argument[1]);", [name, 0.75])
    assert len(left) == 41
    np.testing.assert_allclose(left, explorer._left(), rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize(("name", "f"), [("sigmoid", Sigmoid()), ("tanh", Tanh())])
def test_it_is_the_derivative_of_the_whole_chain(name, f):
    with mpmath.workdps(60):
        once = {"sigmoid": lambda v: 1 / (1 + mpmath.exp(-v)), "tanh": mpmath.tanh}[name]

        def chain(v):
            for _ in range(8):
                v = once(v)
            return v

        slope = float(mpmath.diff(chain, mpmath.mpf("0.5")))
    explorer = DepthExplorer([name], layers=8, x=0.5)
    assert explorer._left()[8] == pytest.approx(slope, rel=1e-12)
    x, product = 0.5, 1.0
    for _ in range(8):
        product *= float(f.gradient(x))
        x = float(f(x))
    assert product == pytest.approx(slope, rel=1e-12)


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(traitlets.TraitError, match="function must be one of sigmoid, tanh"):
        DepthExplorer(["sigmoid", "tanh"], function="relu")
    with pytest.raises(traitlets.TraitError, match="a whole number from 1 to 40"):
        DepthExplorer(layers=41)
    assert DepthExplorer("tanh").function == "tanh"
