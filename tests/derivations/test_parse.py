"""Expressions from text: the order is kept, and every text of the language has one."""

import json
from pathlib import Path

import mpmath
import pytest
import sympy

from actgrad.atlas import FUNCTIONS, Arithmetic, evaluate, read
from actgrad.derivations import ParseError, derive, latex, parse, plain

CASES = json.loads((Path(__file__).parents[1] / "atlas" / "language.json").read_text("utf-8"))
EXACT = Arithmetic(mpmath.mp, "mpmath", mpmath.mpf)

X = sympy.Symbol("x", real=True)


@pytest.mark.parametrize(
    "text",
    [
        "((1 + e^(-x))*0 - 1*(-e^(-x)))/(1 + e^(-x))^2",
        "-1/u^2*(-e^(-x))",
        "x*tanh(log(1 + e^x))",
        "Piecewise((x, x >= 0), (0, otherwise))",
        "Piecewise((1, -1 < x < 1), (0, otherwise))",
        "-(a + b)*c - (-x)",
        "2*x^3 - 1/2*x",
        "x/2*(1 + erf(x/sqrt(2)))",
        "max(0, x)",
        "(x^2)^3 + x^(2^3)",
        "(-1)^2*(-x)^2",
        "a/b/c*d/e^x",
        "1*(2*x)*3",
    ],
)
def test_plain_text_is_read_back(text):
    expression = parse(text)
    assert parse(plain(expression)) == expression


def test_nothing_is_evaluated_and_the_order_stays():
    assert plain(parse("0*x + 1 - 1 + b + a")) == "0*x + 1 - 1 + b + a"
    assert parse("2 + 2") != 4


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2^3^2", 512),
        ("-2^2", -4),
        ("2*-3", -6),
        ("8/2/2", 2),
        ("2**3", 8),
        ("1.5*2", 3),
        ("7 - 2 - 1", 4),
        ("-(-3)", 3),
        (".5 + 0.25", 0.75),
        ("max(1, 5, 3)", 5),
    ],
)
def test_precedence(text, value):
    assert parse(text).doit() == sympy.nsimplify(value)


def test_one_over_something_is_a_reciprocal_and_no_product():
    assert parse("1/(1 + x)").func is sympy.Pow
    assert parse("1/x*2").args == (1 / X, 2)
    assert parse("2/x").args == (2, 1 / X)


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "relu"])
def test_activations_are_known_by_name(name):
    assert parse(f"{name}(x)").free_symbols == {X}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')",
        "().__class__.__bases__[0]",
        "open('/etc/passwd')",
        "9^9^9^9",
        "x^(99*99)",
        "(" * 500 + "x" + ")" * 500,
        "x+" * 5000 + "x",
        "1/0",
        "foo(x)",
        "z[1]",
        "D(x, x)",
        "x\x00",
    ],
)
def test_hostile_and_wrong_text_gets_the_language_s_error(text):
    with pytest.raises(ParseError) as caught:
        parse(text)
    with pytest.raises(ParseError) as own:
        read(text, free=True)
    assert str(caught.value) == str(own.value)


@pytest.mark.parametrize("text", [text for text, *_ in CASES["read"]])
def test_every_text_of_the_language_has_an_equal_expression(text):
    point = {name: sympy.Rational(str(at)) for name, at in CASES["values"].items()}
    expression = parse(text, {name: sympy.Symbol(name, real=True) for name in point})
    assert {str(symbol) for symbol in expression.free_symbols} <= point.keys()
    exact = expression.subs({sympy.Symbol(name, real=True): at for name, at in point.items()})
    value = next(value for known, _, value in CASES["read"] if known == text)
    assert float(exact.evalf(30)) == pytest.approx(value, rel=4e-15, abs=0)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_the_language_is_a_function_of_sympy(name):
    text = f"{name}(x, 3/2)" if FUNCTIONS[name].arity == 0 else f"{name}(x)"
    at = "1.25" if name == "acosh" else "0.6"
    value = parse(text).subs(X, sympy.Rational(at)).evalf(30)
    exact = evaluate(read(text, "x"), {"x": mpmath.mpf(at)}, EXACT)
    assert float(value) == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("2x", "2*x"),
        ("x e^x", "x*e^x"),
        ("tanh^2(x)", "tanh(x)^2"),
        ("|x|", "abs(x)"),
        ("(1+e^{-βx})⁻¹", "(1 + e^(-beta*x))^(-1)"),
    ],
)
def test_what_students_write_is_derived(text, plainly):
    assert derive(text, "x") == derive(plainly, "x")


def test_only_text_is_parsed():
    with pytest.raises(TypeError, match="needs a string"):
        parse(42)


def test_the_error_says_where():
    with pytest.raises(ParseError, match="at character 5"):
        parse("x + $")


def test_names_can_be_given():
    z = sympy.IndexedBase("z", real=True)
    k = sympy.Symbol("k", integer=True)
    assert latex(parse("D(z[k]^2, z[k])", {"z": z, "k": k})) == (
        r"\frac{\partial}{\partial z_{k}} z_{k}^{2}"
    )
