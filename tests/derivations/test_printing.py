"""LaTeX that KaTeX accepts, set as a teacher would write it."""

import json
import pathlib
import pickle
import subprocess
import sys

import pytest
import sphinxcontrib
import sympy

from actgrad.derivations import DERIVATIONS, latex, parse, plain, rules
from actgrad.derivations._changes import changed_paths
from actgrad.derivations._expression import Decimal, walk
from actgrad.derivations._rule import NOTATION

KATEX = pathlib.Path(next(iter(sphinxcontrib.__path__))) / "katex.min.js"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1 + e^(-x))*0", r"\left(1 + e^{-x}\right) \cdot 0"),
        ("1*(-e^(-x))", r"1 \cdot \left(-e^{-x}\right)"),
        ("-1/u^2*(-e^(-x))", r"-\frac{1}{u^{2}} \cdot \left(-e^{-x}\right)"),
        ("tanh(x)^2", r"\tanh^{2}(x)"),
        ("log(1 + e^x)", r"\ln\left(1 + e^{x}\right)"),
        ("abs(x)", r"\left\lvert x \right\rvert"),
        ("x/2", r"\frac{x}{2}"),
        ("lam*x", r"\lambda x"),
        ("sqrt(x)", r"\sqrt{x}"),
        ("(e^x)^2", r"\left(e^{x}\right)^{2}"),
        ("max(0, x)", r"\max\left(0, x\right)"),
        ("2*3*x", r"2 \cdot 3 x"),
        ("a*b", "a b"),
        ("alpha*(e^x - 1)", r"\alpha \cdot \left(e^{x} - 1\right)"),
        ("x - (a - b)", r"x - \left(a - b\right)"),
        ("a*(b*c)", r"a \cdot \left(b c\right)"),
        ("(-x)^2", r"\left(-x\right)^{2}"),
        ("atan(x)", r"\arctan(x)"),
        ("1.702*x - 0.5", "1.702 x - 0.5"),
        ("-0.01*x^2", "-0.01 x^{2}"),
        ("0.00000005*(x + 2.0)", r"5 \cdot 10^{-8} \cdot \left(x + 2\right)"),
        ("x^1.5", "x^{1.5}"),
    ],
)
def test_source_order_dots_and_brackets(text, expected):
    assert latex(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D(x^2, x)*e^x", r"\left(\frac{d}{d x} x^{2}\right) \cdot e^{x}"),
        ("D(u(x), x)*v(x)", r"\left(\frac{d}{d x} u(x)\right) \cdot v(x)"),
        ("x^2*D(e^x, x)", r"x^{2} \cdot \frac{d}{d x} e^{x}"),
        ("D(x, x)*e^x", r"\frac{d x}{d x} \cdot e^{x}"),
        ("D(2*x, x)*e^x", r"\frac{d}{d x} \left(2 x\right) \cdot e^{x}"),
    ],
)
def test_the_end_of_a_derivative_can_be_seen(text, expected):
    assert latex(parse(text, NOTATION)) == expected


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ("a*b + c", "a*b + c", []),
        ("e^x", "1 + e^x - 1", [(0,), (2,)]),
        ("a + b", "a + c", [(1,)]),
        ("(a + b)/c", "(a + x)/c", [(0, 1)]),
    ],
)
def test_the_changed_part_is_found(before, after, paths):
    assert changed_paths(parse(before), parse(after)) == paths


def test_katex_sets_every_formula_of_every_derivation_and_rule():
    formulas = [rule.formula for rule in vars(rules).values() if isinstance(rule, rules.Rule)]
    for make in DERIVATIONS.values():
        table = make()._repr_markdown_()
        formulas += table.split("$")[1::2]
    assert len(formulas) > 400
    assert not [formula for formula in formulas if "|" in formula]
    script = (
        "const katex = require(process.argv[1]); let all = '';"
        "process.stdin.on('data', part => all += part).on('end', () => {"
        "for (const formula of JSON.parse(all))"
        " katex.renderToString(formula, {strict: 'error', throwOnError: true}); });"
    )
    node = pathlib.Path(sys.executable).parent / "node"
    run = subprocess.run(
        [node, "-e", script, KATEX],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("text", ["1.702*x", "-0.044715*x^3", "2*1.88e-7", "x^1.5 - 12"])
def test_decimals_are_printed_as_typed_and_equal_their_fractions(text):
    assert parse(plain(parse(text))) == parse(text)
    (number,) = {part for part in walk(parse(text)) if isinstance(part, Decimal)}
    assert plain(number).lstrip("-") in text
    fraction = sympy.Rational(plain(number))
    assert number == fraction
    assert hash(number) == hash(fraction)
    assert pickle.loads(pickle.dumps(number)) == number
    assert isinstance(pickle.loads(pickle.dumps(number)), Decimal)
