"""A line of a proof: accepted only if it is equal, refused at a point, and named."""

import json

import pytest
import sympy

from actgrad.derivations import DERIVATIONS, Setting, check_line, parse, plain
from actgrad.derivations._limit import limit_by


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("d/dx(e^(-x))", "e^(-x)*d/dx(-x)", "chain rule, with u = -x"),
        ("d/dx(x^2*e^x)", "d/dx(x^2)*e^x + x^2*d/dx(e^x)", "product rule"),
        ("d/dx(x^2*e^x)", "2x*e^x + x^2*d/dx(e^x)", "product rule and power rule"),
        ("d/dx(1/(1+e^(-x)))", "e^(-x)/(1+e^(-x))^2", "reciprocal rule and chain rule, with u"),
        ("d/dx(tanh(x))", "= 1 - tanh(x)^2", "hyperbolic tangent rule"),
        ("sigma'(x)", "sigma(x)(1 - sigma(x))", "known result, the derivative of sigma"),
        ("d/dx(3x + 1)", "3", "slope of a linear function"),
        ("(x + 1)^2", "x^2 + 2x + 1", "expand"),
        ("2*x*3 + 0", "6x", "work out"),
        ("x + y", "y + x", "reorder"),
        ("x", "x", "the same line"),
        ("tanh(x)", "2/(1 + e^(-2x)) - 1", "rewriting"),
        ("d/dx(max(0, x))", "cases((1, x > 0), (0, x < 0))", "derivative case by case"),
    ],
)
def test_right_lines_are_proved_and_named(before, after, what):
    found = check_line(before, after)
    assert found
    assert found.proof == "exact"
    assert str(found.named).startswith(what)


# Pairs that look alike, and differ: nowhere may they be called equal.
DIFFERENT = [
    ("log(x^2)", "2*log(x)"),
    ("sqrt(x^2)", "x"),
    ("x", "sqrt(x)^2"),
    ("x", "e^(log(x))"),
    ("|x|", "x"),
    ("x", "x + 1e-40"),
    ("x", "x + 1e-300*x"),
    ("x", "x + e^(-1000)"),
    ("x", "x + e^(-100000)"),
    ("x", "x + 1e-400*1e-400"),
    ("x", "x*tanh(100)"),
    ("1", "erf(30)"),
    ("1", "tanh(1000)"),
    ("0", "1 - tanh(60)"),
    ("x", "x + max(0, sin(x) - 0.99999999)"),
    ("x", "x + max(0, 1e-9 - |x - 0.3|)"),
    ("x", "cases((x, x < 1.4999), (5, x < 1.5001), (x, otherwise))"),
    ("d/dx(|x|)", "sign(x)"),
    ("d/dx(max(0, x))", "cases((1, x >= 0), (0, otherwise))"),
    ("d/dx(max(0, x))", "cases((1, x > 0), (0, otherwise))"),
    ("d/dx(x*|x|)", "2*x"),
    ("max(x, 0)", "x"),
    ("x^2", "x^(2 + 1e-30)"),
    ("d/dx(x^2)", "D(x^2, y)"),
    ("x", "y"),
    ("sin(x)", "x - x^3/6 + x^5/120"),
]


@pytest.mark.parametrize(("before", "after"), DIFFERENT)
def test_nothing_is_accepted_that_differs(before, after):
    found = check_line(before, after)
    assert not found
    assert found.status in ("wrong", "undecided")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "d/dx(sigma(x))",
            "2sigma(x)(1-sigma(x))",
            "x = 1 the line above is 0.197, yours 0.393",
        ),
        ("log(x^2)", "2log(x)", "at x = -1 the line above is 0, and yours has no value"),
        ("x", "x + x^2 - x", "at x = -1 the line above is -1, yours 1"),
        ("x", "x + 1e-40", "at x = 0 the line above is 0, yours 1.0e-40"),
        ("3", "4", "the line above is 3, yours 4"),
        ("a*(x + b)", "a*x + b", "at x = 1, a = 2, b = 3 the line above is 8, yours 5"),
        ("d/dx(|x|)", "sign(x)", "at x = 0 the line above has no value and yours is 0"),
    ],
)
def test_a_wrong_line_is_refused_at_a_point_that_a_person_would_choose(before, after, said):
    found = check_line(before, after)
    assert found.status == "wrong"
    assert said in found.message


def test_a_line_may_have_a_larger_domain_and_says_where_it_has_a_hole():
    assert check_line("2log(x)", "log(x^2)").proof == "numeric"
    assert check_line("x*x/x", "x").reason == ""
    found = check_line("x", "x*x/x")
    assert found
    assert found.reason == "It has no value at x = 0, where the line above has one."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "((x",
        "__import__('os').system('x')",
        "9^9^9^9",
        "(" * 5000,
        "x" * 1_000_000,
        "\x00",
        "x > 0",
        "D(x)",
        "D(x, 3)",
        "sum(x)",
        "f(x)",
        "floor(x)",
        "D(D(D(D(D(x^9, x), x), x), x), x)",
        "+".join(["D(x^2, x)"] * 60),
    ],
)
def test_hostile_text_gets_one_sentence(text):
    for before, after, which in ((text, "x", "The line above"), ("x", text, "The line")):
        found = check_line(before, after)
        assert found.status == "unreadable"
        assert found.message.startswith(f"{which} cannot be read: ")
        assert len(found.message) < 700
        assert json.dumps(found.to_dict())


@pytest.mark.parametrize("other", [None, 3.5, b"x", ["x"], sympy.Integer(2) > 1, sympy.true])
def test_what_is_no_line_is_refused(other):
    assert check_line("x", other).status == "unreadable"


def test_an_expression_of_sympy_is_a_line():
    x = sympy.Symbol("x", real=True)
    found = check_line(sympy.Derivative(sympy.sin(x**2), x), 2 * x * sympy.cos(x**2))
    assert found
    assert str(found.named).startswith("chain rule")


def test_a_name_that_is_given_and_a_letter_that_is_positive():
    where = {"u": "1 + e^(-x)"}
    assert check_line("d/dx(1/u)", "d/du(1/u) du/dx", where=where)
    assert not check_line("d/dx(1/u)", "d/du(1/u)", where=where)
    assert check_line("sqrt(a^2)", "a", positive=["a"])
    assert not check_line("sqrt(a^2)", "a")
    assert "cannot be read" in check_line("x", "x", where={"u": "(("}).message


def test_what_takes_too_long_is_not_accepted(monkeypatch):
    def runs_out(seconds, work):
        from actgrad.derivations._limit import TimeLimit

        raise TimeLimit

    limit_by(runs_out)
    try:
        found = check_line("(x + 1)^2", "x^2 + 2x + 1")
    finally:
        limit_by(None)
    assert found.status == "undecided"
    assert "too long" in found.message


def lines_of(derivation):
    """Yield setting, line, next line, rule for the steps of a derivation, its parts' too."""
    setting = Setting(derivation.definitions, derivation.conditions, derivation.names)
    before = derivation.start
    for step in derivation.steps:
        for part in step.parts:
            yield from lines_of(part)
        if not step.parts:
            yield setting, before, step.expression, step.rule.name
        before = step.expression


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_line_of_the_book_is_accepted_and_named(name):
    for setting, before, after, rule in lines_of(DERIVATIONS[name]()):
        found = check_line(before, after, setting=setting)
        assert found.proof == "exact"
        names = [used.rule.name for used in found.named.rules]
        # What is known elsewhere is not read off two lines, and some lines follow two rules.
        assert names == [rule] or rule in ("known result", "chain rule", "common denominator")


def test_the_text_of_a_line_is_read_as_the_line():
    derivation = DERIVATIONS["sigmoid_by_chain_rule"]()
    setting = Setting(derivation.definitions, derivation.conditions, derivation.names)
    for setting, before, after, _ in lines_of(derivation):
        assert check_line(plain(before), plain(after), setting=setting).proof == "exact"


def test_the_plain_form():
    data = check_line("d/dx(e^(-x))", "e^(-x)").to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["status"] == "wrong"
    assert data["difference"] == {"at": {"x": "1"}, "above": "-0.368", "yours": "0.368"}
    assert [slip["rule"] for slip in data["slips"]] == ["chain rule", "chain rule"]
    right = check_line("d/dx(x^2)", "2x").to_dict()
    assert right["rules"][0]["name"] == "power rule"
    assert right["latex"] == "2 x"
    assert right["message"] == "Equal to the line above, proved exactly: power rule."


def test_shown_in_a_notebook():
    assert check_line("x", "x + 1")._repr_markdown_().startswith("**Wrong.** Not equal")
    assert parse("d/dx(x)", {}) == parse("D(x, x)", {})


def test_any_slope_counts_at_a_kink_where_nothing_is_claimed_there():
    everywhere, elsewhere = Setting(), Setting(at_kinks=False)
    for slope in ("cases((1, x > 0), (0, otherwise))", "cases((1, x >= 0), (0, otherwise))"):
        assert not check_line("d/dx(max(0, x))", slope, setting=everywhere)
        assert check_line("d/dx(max(0, x))", slope, setting=elsewhere).proof == "exact"
    assert not check_line(
        "d/dx(max(0, x))", "cases((1, x > 0), (1, otherwise))", setting=elsewhere
    )


def test_a_function_in_what_a_name_stands_for_is_known():
    where = {"y": "sigma(x)"}
    assert check_line("d/dx(-t*log(y) - (1-t)*log(1-y))", "y - t", where=where).proof == "exact"


def test_cases_that_depend_on_cases():
    where = {"y": "cases((x, x > 0), (a*x, otherwise))"}
    given = {"where": where, "positive": ["a"]}
    assert check_line(
        "cases((1, x > 0), (a, otherwise))", "cases((1, y > 0), (a, True))", **given
    )
    assert not check_line(
        "cases((1, x > 0), (a, otherwise))", "cases((1, y < 0), (a, True))", **given
    )
