import pathlib

import pytest
import sympy

from actgrad.derivations import parse

PARAMETERS = {
    name: sympy.Symbol(name, positive=True) for name in ("alpha", "beta", "lam", "a", "s")
}


@pytest.fixture(scope="session")
def x():
    return sympy.Symbol("x", real=True)


@pytest.fixture(scope="session")
def read():
    """Parse in the book's notation, with the positive parameters of the corpus."""
    return lambda text: parse(text, PARAMETERS)


@pytest.fixture(scope="session")
def corpus():
    """Return the texts of the corpus."""
    lines = (pathlib.Path(__file__).parent / "corpus.txt").read_text().splitlines()
    texts = [line.partition(";;")[0].strip() for line in lines]
    return [text for text in texts if text and not text.startswith("#")]
