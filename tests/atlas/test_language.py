"""The language: what it reads, how it reads it, what it refuses and says."""

import doctest
import json
import math
import random
import re
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgrad.atlas import FUNCTIONS, Arithmetic, ParseError, _evaluate, evaluate, read, written
from actgrad.atlas import _language as module
from actgrad.atlas._javascript import module_text, source
from actgrad.atlas._table import MAX_LENGTH, MESSAGES
from actgrad.exercises import EXERCISES
from actgrad.exercises._exercise import ExpressionExercise
from actgrad.exercises._values import float64

# One table for the Python reader and for its twin in JavaScript.
CASES = json.loads((Path(__file__).parent / "language.json").read_text("utf-8"))
VALUES = CASES["values"]
FREE = "refused where every name is a variable"
HOSTILE = {
    "(" * 5000: "length",
    "x" * 1_000_000: "length",
    "(" * 1000: "depth",
    "(" * 60 + "x" + ")" * 60: "depth",
    "exp(" * 60 + "x" + ")" * 60: "depth",
    "-" * 900 + "x": "depth",
    "x" + "^x" * 200: "depth",
    "|" * 100: "depth",
    "+" * 900 + "x*": "operand",
    "x+" * 600 + "x": "signs",
    "9" * 41: "digits",
    "9^" * 50 + "9": "depth",
    "{}" * 900: "signs",
    "\x00" * 900: "character",
}
EXACT = Arithmetic(mpmath.mp, "mpmath", mpmath.mpf)


@pytest.mark.parametrize(("text", "reading", "value"), CASES["read"])
def test_reading_and_value(text, reading, value):
    tree = read(text, VALUES)
    assert str(tree) == reading
    assert float64(tree, VALUES) == pytest.approx(value, rel=4e-15, abs=0)
    assert evaluate(tree, VALUES, EXACT) == pytest.approx(value, rel=4e-15, abs=0)


@pytest.mark.parametrize(("text", "reading"), CASES["free"])
def test_reading_where_every_name_is_a_variable(text, reading):
    assert str(read(text, free=True)) == reading


@pytest.mark.parametrize(("text", "reading"), CASES["where derivatives may stand"])
def test_reading_where_derivatives_may_stand(text, reading):
    assert str(read(text, free=True, functions=["D"])) == reading
    assert str(read(reading, free=True, functions=["D"])) == reading


@pytest.mark.parametrize(("text", "code"), CASES["refused where derivatives may stand"])
def test_refusal_where_derivatives_may_stand(text, code):
    assert refusal(text, free=True, functions=["D"]).code == code


@pytest.mark.parametrize("text", [text for text, *_ in CASES["read"] + CASES["free"]])
def test_the_reading_is_read_as_itself(text):
    once = read(text, VALUES, free=True)
    again = read(written(once), VALUES, free=True)
    assert written(again) == written(once)


def refusal(text, **options):
    with pytest.raises(ParseError) as caught:
        read(text, **options)
    error = caught.value
    assert 1 <= error.position <= len(text) + 1
    return error


@pytest.mark.parametrize(("text", "code"), CASES["refused"])
def test_refusal(text, code):
    error = refusal(text, letters=VALUES)
    assert error.code == code
    assert f"at character {error.position}" in str(error) or not text.strip()


@pytest.mark.parametrize(("text", "code"), CASES[FREE])
def test_refusal_where_every_name_is_a_variable(text, code):
    assert refusal(text, free=True).code == code


@pytest.mark.parametrize(("text", "code"), HOSTILE.items(), ids=lambda item: item[:12])
def test_hostile_texts_get_one_short_message(text, code):
    error = refusal(text, free=True)
    assert error.code == code
    assert len(str(error)) < 600


def test_every_message_has_a_case():
    refused = [case for name, cases in CASES.items() if "refused" in name for case in cases]
    codes = {code for _, code in refused} | set(HOSTILE.values())
    assert codes | {"outside"} == set(MESSAGES)


def test_every_rule_of_the_docstring_has_a_case():
    rules = module.__doc__.partition("What can be read")[2]
    texts = {text.replace(" ", "") for table in CASES.values() for text, *_ in table}
    words = {name for function in FUNCTIONS.values() for name in function.spellings} | {"lam"}
    shown = {text.replace(" ", "") for text in re.findall(r"``([^`]+)``", rules)} - words
    # Left sides and readings stand in longer cases.
    missing = {rule for rule in shown if not any(rule in text for text in texts)}
    readings = {str(reading).replace(" ", "") for _, reading, *_ in CASES["read"]}
    assert missing <= readings | {"*", "-(x^2)", "(1/2)*y", "(e^2)*x", "y=", "z[i]"}


def test_the_message_says_what_where_and_what_to_write():
    assert str(refusal("3 + tanhh(x)", letters=["x"])) == (
        "the function 'tanhh' is not known; did you mean tanh? (at character 5: '3 + tanhh(x)')"
    )
    assert "the letters here are a, b" in str(refusal("x", letters=["b", "a"]))
    assert "the answer is a number, without letters" in str(refusal("x"))
    assert "without a space" in str(refusal("1 600"))


def test_letters_that_are_not_wanted_are_named():
    error = refusal("1 - tanh(x)^2", letters=["s"], others=["x"])
    assert error.code == "outside"
    assert str(error).startswith("'x' does not belong in this answer: write it in s")
    assert refusal("4xs", letters=["s"], others=["x"]).code == "outside"


def test_only_text_is_read():
    with pytest.raises(TypeError, match="needs a string, got int"):
        read(42)


def test_names_of_the_caller():
    tree = read("D(sigma(z[i]), z[i])", functions=["D", "sigma"], indexed="z", letters="i")
    assert str(tree) == "D(sigma(z[i]), z[i])"
    assert refusal("sigma", functions=["sigma"]).code == "argument"
    assert str(read("ex", letters=["e", "x"])) == "e*x"
    assert read("e", letters=["e"]).kind == "name"


@pytest.mark.parametrize("text", CASES["undefined"])
def test_undefined_is_not_finite_and_not_an_error(text):
    assert not np.isfinite(float64(read(text, VALUES), VALUES))


# Where the argument itself is rounded, far out, and where an approximation is used.
LOOSE = {"Phi": 5e-14, "phi": 5e-14, "gamma": 5e-14}


def function_at_many_points(name):
    x = np.linspace(1.01, 9, 40) if name == "acosh" else np.linspace(0.011, 0.99, 40)
    if name not in ("log", "log1p", "sqrt", "acosh", "gamma"):
        x = np.concatenate([-x, x])
    if name in ("Phi", "erf", "erfc", "phi", "sigma", "softplus", "tanh"):
        x = np.concatenate([x, 20 * x])
    text = f"{name}(x, 2)" if FUNCTIONS[name].arity == 0 else f"{name}(x)"
    tree = read(text, "x")
    with mpmath.workdps(40):
        exact = [float(evaluate(tree, {"x": mpmath.mpf(float(at))}, EXACT)) for at in x]
    return text, x.tolist(), exact


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_agree_with_mpmath(name):
    text, x, exact = function_at_many_points(name)
    assert float64(read(text, "x"), {"x": x}) == pytest.approx(
        exact, rel=LOOSE.get(name, 5e-15), abs=0
    )


def test_examples_run():
    for part in (module, _evaluate):
        assert doctest.testmod(part).failed == 0
        assert doctest.testmod(part).attempted > 0


def test_cases_are_chosen_element_by_element():
    tree = read("Piecewise((log(x), x > 0), (0, -1 < x <= 0), (x^2, otherwise))", "x")
    x = np.array([-3.0, -0.5, 0.0, math.e])
    assert float64(tree, {"x": x}) == pytest.approx([9, 0, 0, 1])
    assert [evaluate(tree, {"x": mpmath.mpf(at)}, EXACT) for at in x[:3]] == [9, 0, 0]


@given(st.text(max_size=MAX_LENGTH), st.booleans())
def test_any_text_is_read_or_refused(text, free):
    try:
        tree = read(text, VALUES, free=free)
    except ParseError:
        return
    if not free:
        assert float64(tree, VALUES).shape == ()


@given(st.text(alphabet="xyke0123456789.,+-*/^()[]|{}%= √²½ \\,explogmin", max_size=60))
def test_texts_in_the_alphabet_are_read_back_as_themselves(text):
    try:
        tree = read(text, VALUES)
    except ParseError:
        return
    again = read(written(tree), VALUES)
    np.testing.assert_allclose(
        float64(again, VALUES), float64(tree, VALUES), rtol=1e-12, equal_nan=True
    )


# The twin: the same trees, messages and values.

LANGUAGE = module_text("language")
CORPUS = Path(__file__).parents[1] / "derivations" / "corpus.txt"
OPERANDS = [
    *("x", "y", "k", "xe", "ky", "xyz", "beta", "βx", "σ(x)", "Φ(y)", "pi", "ln 2", "sin 2x"),
    *("max(0, x)", "√x", "2", "10⁻⁷", "0,5", "1.5e-3", "½", "3x²", "84%", "(x + y)", "|x|"),
    *("Piecewise((x, x > 0), (0, otherwise))", r"\frac{1}{x}", r"\left(x\right)", "[k]"),
]
PIECES = [
    *("x", "e", "xe", "xyz", "f(x)", "z[1]", "β", "σ", "pi", "tanh", "tanh(", "ln", "max", "√"),
    *(
        "2",
        "10",
        "0,5",
        "1.5e-3",
        "600",
        "½",
        "²",
        "⁻¹",
        "ⁿ",
        "%",
        ",",
        " ",
        "+",
        "-",
        "−",
        "*",
    ),
    *("·", "/", "^", "**", "(", ")", "[", "]", "{", "}", "|", "=", "<", ">=", "'", "_", "$"),
    *(r"\frac", r"\cdot", r"\left", r"\sigma", "\x00", "😀", "\u00a0", "True", "Piecewise"),
]


def plain(node):
    return [node.kind, node.value, [plain(child) for child in node.children]]


def in_python(text, letters, others, free):
    try:
        tree = read(text, letters, others=others, free=free)
    except ParseError as error:
        return [error.code, error.position, str(error)]
    return [plain(tree), written(tree)]


IN_JAVASCRIPT = """
const plain = ({ kind, value, children }) => [kind, value, children.map(plain)];
return argument.map(([text, letters, others, free]) => {
  try {
    const tree = read(text, letters, { others, free });
    return [plain(tree), written(tree)];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return [error.code, error.position, error.message];
  }
});
"""


def corpus():
    lines = CORPUS.read_text("utf-8").splitlines()
    return [line.partition(";;")[0].strip() for line in lines if line[:1] not in ("", "#")]


def attempts():
    """Every text of the table, the corpus and the catalogue, and 4,000 made of pieces."""
    letters = sorted(VALUES)
    texts = [text for text, *_ in CASES["read"] + CASES["refused"] + CASES["free"]]
    texts += [text for text, _ in CASES[FREE]] + CASES["undefined"] + list(HOSTILE)
    for free in (False, True):
        yield from ((text, letters, [], free) for text in texts)
    yield from ((text, [], [], True) for text in corpus())
    for item in EXERCISES.values():
        if isinstance(item, ExpressionExercise):
            for text in (item.solution, *item.alternatives, "1-tanh(x)^2", "2 x"):
                yield text, list(item.letters), list(item.others), False
    draw = random.Random(11)
    for count in range(4000):
        many = draw.randrange(1, 12)
        text = "".join(draw.choices(PIECES, k=many))
        if count % 2:
            signs = draw.choices(["+", "-", "*", "/", " ", "^", "·−"], k=many)
            text = "x" + "".join(sign + draw.choice(OPERANDS) for sign in signs)
        yield text, letters[: count % 5], ["s", "q"], count % 3 == 0


def test_trees_and_messages_are_the_same(javascript):
    given = list(attempts())
    ours = [in_python(*each) for each in given]
    assert sum(len(result) == 2 for result in ours) > 1000
    theirs = javascript(LANGUAGE, IN_JAVASCRIPT, given)
    for each, one, other in zip(given, ours, theirs, strict=True):
        assert other == one, each[0][:80]


def test_values_are_the_same(javascript):
    body = "const [texts, values] = argument, names = Object.keys(values);"
    body += "return texts.map((text) => evaluate(read(text, names), values));"
    texts = [text for text, *_ in CASES["read"]]
    for (text, _, value), got in zip(
        CASES["read"], javascript(LANGUAGE, body, [texts, VALUES]), strict=True
    ):
        assert got == pytest.approx(value, rel=4e-15, abs=0), text
    odd = javascript(LANGUAGE, body, [CASES["undefined"], VALUES])
    assert not any(map(math.isfinite, odd))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_the_twin_agree_with_mpmath(name, javascript):
    text, x, exact = function_at_many_points(name)
    body = "return argument[1].map((x) => evaluate(read(argument[0], ['x']), { x }));"
    got = javascript(LANGUAGE, body, [text, x])
    assert got == pytest.approx(exact, rel=LOOSE.get(name, 5e-15), abs=0)


def test_the_declaration_for_the_type_checker_is_that_of_the_generated_table():
    declared = re.findall(r"(?m)^  (\w+):", source("table.d.ts"))
    table = source("table.js").removeprefix("export const table = ").removesuffix(";\n")
    assert declared == list(json.loads(table))
