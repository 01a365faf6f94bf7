"""The answer language: what it reads, how it reads it, what it refuses and says."""

import json
import math
import pathlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgrad.exercises._expression import MAX_LENGTH, ExpressionError, evaluate, parse

# The same table is read by test_answer_box.py for the JavaScript twin of the parser.
CASES = json.loads((pathlib.Path(__file__).parent / "expressions.json").read_text("utf-8"))
VALUES = {"x": 0.7, "y": 0.3, "k": 2.0}


@pytest.mark.parametrize(("text", "expected"), CASES["right"])
def test_value(text, expected):
    assert evaluate(parse(text, VALUES), VALUES) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("text", "reading"), CASES["reading"])
def test_shows_how_it_was_read(text, reading):
    assert str(parse(text, VALUES)) == reading


@pytest.mark.parametrize(("text", "says"), CASES["refused"])
def test_refusal_says_why(text, says):
    with pytest.raises(ExpressionError) as error:
        parse(text, VALUES)
    assert says in str(error.value)


@pytest.mark.parametrize("text", CASES["undefined"])
def test_undefined_is_not_finite_and_not_an_error(text):
    assert not np.isfinite(evaluate(parse(text, VALUES), VALUES))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 250 + "x" + ")" * 249,
        "-" * 400 + "x",
        "x" + "^x" * 200,
        "exp(" * 100 + "x" + ")" * 100,
        "x+" * 400 + "x",
    ],
)
def test_deep_and_long_texts_are_refused(text):
    with pytest.raises(ExpressionError, match=r"levels|characters"):
        parse(text, VALUES)


def test_power_tower_costs_nothing():
    assert evaluate(parse("9^9^9^9^9", ()), {}) == math.inf


@given(st.text(max_size=MAX_LENGTH))
def test_any_text_is_read_or_refused(text):
    try:
        tree = parse(text, VALUES)
    except ExpressionError:
        return
    assert evaluate(tree, VALUES).shape == ()


@given(st.text(alphabet="xyk0123456789.+-*/^() ,explogmin", max_size=60))
def test_texts_in_the_alphabet_read_back_as_themselves(text):
    try:
        tree = parse(text, VALUES)
    except ExpressionError:
        return
    again = parse(str(tree), VALUES) if len(str(tree)) <= MAX_LENGTH else tree
    np.testing.assert_allclose(
        evaluate(again, VALUES), evaluate(tree, VALUES), rtol=1e-4, equal_nan=True
    )
