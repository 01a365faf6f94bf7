import pathlib

import pytest
import sympy

from actgrad.derivations import derive, parse
from actgrad.derivations._derive import NAMED

PARAMETERS = {
    name: sympy.Symbol(name, positive=True) for name in ("alpha", "beta", "lam", "a", "s")
}


@pytest.fixture(scope="session")
def x():
    return sympy.Symbol("x", real=True)


@pytest.fixture(scope="session")
def read():
    """Parse in the book's notation, with the positive parameters of the corpus."""
    return lambda text, **options: parse(text, PARAMETERS, **options)


def lines_of(name):
    """Return the lines of a file here, each in two: the text and what is said of it."""
    lines = (pathlib.Path(__file__).parent / name).read_text().splitlines()
    pairs = [line.partition(";;")[::2] for line in lines if line and not line.startswith("#")]
    return [(text.strip(), said.strip()) for text, said in pairs]


@pytest.fixture(scope="session")
def corpus():
    """Return the texts of the corpus."""
    return [text for text, _ in lines_of("corpus.txt")]


@pytest.fixture(scope="session")
def activations(read):
    """Return the derivations of activation functions, and the last line that each must have."""
    pairs = lines_of("activations.txt")
    return [(derive(read(text, kept=NAMED), "x"), result) for text, result in pairs]
