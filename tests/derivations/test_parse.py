"""The parser: what it reads, how it keeps the order, and what it refuses."""

import pytest
import sympy

from actgrad.derivations import ParseError, latex, parse, plain

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


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "relu"])
def test_activations_are_known_by_name(name):
    assert parse(f"{name}(x)").free_symbols == {X}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os').system('id')", "'_' is not part"),
        ("x.__class__", "'.' is not part"),
        ("lambda: 1", "':' is not part"),
        ("().__class__.__bases__[0]", "is not part"),
        ("open('/etc/passwd')", "is not part"),
        ("eval(x)", "'eval' is not known"),
        ("x; y", "';' is not part"),
        ("x = 1", "'=' is not part"),
        ("x\\n", "is not part"),
        ("'" + "a" * 100, "is not part"),
        ("9^9^9^9", "exponent is too large"),
        ("x^(10^9)", "exponent is too large"),
        ("x^(99*99)", "exponent is too large"),
        ("9" * 41, "too long"),
        ("(" * 500 + "x" + ")" * 500, "too many"),
        ("(" * 100 + "x" + ")" * 100, "nested too deeply"),
        ("-" * 900 + "x", "nested too deeply"),
        ("x+" * 5000 + "x", "too many"),
        ("x+" * 900 + "x", "too many"),
        ("1/0", "division by 0"),
        ("2x", "write \\* between factors"),
        ("x +", "got 'the end'"),
        ("", "got 'the end'"),
        ("(x", r"expected '\)'"),
        ("sin", "sin needs an argument"),
        ("sin(x, x)", "takes 1 argument, got 2"),
        ("foo(x)", "'foo' is not known; known are"),
        ("z[1]", "has no indices"),
        ("Piecewise((x, x))", "expected a condition"),
        ("D(x, x)", "'D' is not known"),
        ("π", "is not part"),
        ("x\x00", "is not part"),
    ],
)
def test_hostile_and_wrong_text_gets_a_clear_error(text, message):
    with pytest.raises(ParseError, match=message):
        parse(text)


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
