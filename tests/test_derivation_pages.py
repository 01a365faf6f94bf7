"""A derivation on a page: lines that break at operators, and prose that cites them."""

import re

import pytest
from actgrad_book.derivations import LEFT_SIDE, SENTENCES, WIDE, pieces, width

from actgrad.derivations import DERIVATIONS, derive

ALL = [*(make() for make in DERIVATIONS.values()), derive("x*tanh(log(1 + e^x))")]
UNSEEN = re.compile(r"\\left[(.]|\\right[).]|\\textcolor\{#\w+\}|[{}\s]")


def seen(latex):
    """Return what of a formula is printed: no colours, no halves of brackets, no phantoms."""
    while (start := latex.find(r"\vphantom{")) >= 0:
        end = start + len(r"\vphantom{")
        while latex[start + len(r"\vphantom") : end].count("{") > latex[start:end].count("}"):
            end += 1
        latex = latex[:start] + latex[end:]
    return UNSEEN.sub("", latex)


def test_a_wide_line_is_cut_at_operators_and_nothing_is_lost():
    cut = 0
    for derivation in ALL:
        for _, formula, _ in derivation.rows():
            made = pieces(formula)
            cut += len(made) > 1
            assert (len(made) > 1) <= (width(formula) > WIDE)
            for piece in made:
                assert piece.count("{") == piece.count("}"), piece
                assert piece.count(r"\left") == piece.count(r"\right"), piece
            for piece in made[1:]:
                bare = re.sub(r"^(\\left\.| |\\textcolor\{#\w+\}\{|\{\})*", "", piece)
                assert re.match(r"[+-]|\\cdot", bare), piece
            assert seen("".join(made)) == seen(formula)
    assert cut > 50


def test_a_bracket_is_cut_with_both_its_halves_as_tall_as_the_whole():
    inside = " + ".join(rf"\frac{{a_{{{n}}}}}{{b}}" for n in range(12))
    first, *_, last = pieces(rf"= x \cdot \left({inside}\right)^{{2}}")[1:]
    assert first.startswith(r"{}\cdot \left( ")
    assert first.endswith(r"\right.")
    assert last.startswith(r"\left. ")
    assert last.endswith(r"\right)^{2}")
    assert rf"\vphantom{{{inside}}}" in first
    assert rf"\vphantom{{{inside}}}" in last


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"\sigma'(x)", 5),
        (r"\frac{\partial S_{k}}{\partial z_{k}}", 3),
        (r"\operatorname{softplus}'(x)", 12),
        (r"\textcolor{#0072B2}{\frac{a + b + c}{2}} + 1", 7),
    ],
)
def test_a_formula_is_about_as_wide_as_its_letters(latex, letters):
    assert width(latex) == letters


def test_every_rule_that_a_derivation_uses_has_its_sentence():
    for derivation in ALL:
        for *_, step in derivation.rows():
            assert SENTENCES[step.rule.name] == step.rule.sentence
    assert width(ALL[0].left_side) <= LEFT_SIDE
