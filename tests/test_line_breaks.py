"""Wide formulas break at their operators, and say what they said before."""

import re
from types import SimpleNamespace

import pytest
from actgrad_book.atlas_pages import derivation_of
from actgrad_book.derivations import break_displays
from actgrad_book.line_breaks import WIDE, WIDE_ROW, pieces, width
from docutils import nodes

from actgrad.derivations import DERIVATIONS, derive, latex, parse
from actgrad.derivations.functions import ACTIVATIONS

ALL = [*(make() for make in DERIVATIONS.values()), derive("x*tanh(log(1 + e^x))")]
LETTERS = {"x": 0.7, "beta": 1.3, "sigma": 0.4}  # \\sigma^{2}(x) is read as a product
SUM = " + ".join(f"{letter}_{{1}}" for letter in "abcdefghijkl")


def second(name):
    """The LaTeX of a second derivative, which is long."""
    first = derivation_of(ACTIVATIONS[name])
    return latex(derive(first.result, first.symbol).result)


def valued(latex):
    """The value of a formula, brackets of whatever size."""
    read = parse(re.sub(r"\\[bB]igg?[lr]|\{\}", "", latex))
    return float(read.subs({symbol: LETTERS[symbol.name] for symbol in read.free_symbols}))


@pytest.mark.parametrize("name", ["mish", "gelu_tanh", "smish", "bipolar_sigmoid", "swish"])
def test_a_broken_formula_has_the_same_value(name):
    formula = second(name)
    broken = pieces(formula)
    assert len(broken) > 5
    assert valued(" ".join(broken)) == pytest.approx(valued(formula), rel=1e-12)
    # A page holds each bracket once, however deep it lies.
    assert len("".join(broken)) < 1.2 * len(formula)


def test_a_wide_line_is_cut_at_operators_and_nothing_is_lost():
    cut = 0
    unseen = re.compile(
        r"\\(?:left|right|[bB]igg?[lr])(?![a-z])|\\textcolor\{#\w+\}|[{}\s]|\\cdot"
    )
    for derivation in ALL:
        for _, formula, _ in derivation.rows():
            made = pieces(formula)
            cut += len(made) > 1
            assert (len(made) > 1) <= (width(formula) > WIDE)
            for piece in made:
                assert piece.count("{") == piece.count("}"), piece
                assert piece.count(r"\left") == piece.count(r"\right"), piece
            for piece in made[1:]:
                bare = re.sub(r"^(\\textcolor\{#\w+\}\{|\{\}| )*", "", piece)
                assert re.match(r"[+-]|\\cdot", bare), piece
            if r"\frac{1}" not in "".join(made):  # no fraction is opened
                lines = re.sub(
                    r"\\(?:begin|end)\{aligned\}|\\quad|&(?! \\text)", "", "".join(made)
                )
                if "cases" not in formula:
                    assert unseen.sub("", lines) == unseen.sub("", formula)
    assert cut > 50


def test_what_stands_in_a_group_is_taken_out_of_it():
    parts = SUM.replace("+", "{}+").split(" {}")
    parts = [parts[0], *("{}" + part for part in parts[1:])]
    first, *rest, last = parts
    assert pieces(rf"x \cdot \left({SUM}\right)^{{2}}") == [
        "x",
        rf"{{}}\cdot \bigl({first}",
        *rest,
        rf"{last}\bigr)^{{2}}",
    ]
    whole = [rf"{{}}\cdot \bigl({first}", *rest, rf"{last}\bigr)"]
    assert pieces(rf"\frac{{{SUM}}}{{y}}") == [r"\frac{1}{y}", *whole]
    product = SUM.replace("+", r"\cdot")
    assert pieces(rf"\frac{{{product}}}{{y}}")[1] == rf"{{}}\cdot {first}"
    coloured = pieces(rf"u \textcolor{{blue}}{{{{}}- \left({SUM}\right)}}")
    assert coloured[:2] == ["u", rf"\textcolor{{blue}}{{{{}}- \bigl({first}}}"]
    tall = pieces(rf"\left(\frac{{x}}{{2}} + {SUM}\right)")
    assert (tall[0], tall[-1]) == (r"\biggl(\frac{x}{2}", rf"{last}\biggr)")


def test_a_line_may_break_between_two_brackets():
    left = r"\left(u + v + w + x\right)^{2}"
    right = r"\left(a + b + c + d + e + f + g\right)"
    assert pieces(rf"2 {left} {right}") == [rf"2 {left}", rf"{{}}\cdot {right}"]
    assert pieces(rf"{left} \left(a + b\right)") == [rf"{left} \left(a + b\right)"]


def test_a_wide_row_of_cases_is_set_in_lines():
    rows = rf"{SUM} & \text{{if }} x > 0 \\ - 1 & \text{{if }} x < 0"
    (shown,) = pieces(rf"\begin{{cases}} {rows} \end{{cases}}")
    inside, (rest,) = (
        re.findall(r"aligned\} (.*) \\end\{aligned", shown),
        shown.split("aligned}")[2:],
    )
    lines = inside[0].split(r" \\ ")
    assert len(lines) > 1
    assert all(width(line) <= WIDE_ROW + 5 for line in lines)
    assert re.sub(r"& |\\quad |\{\}", "", " ".join(lines)) == SUM
    assert rest == r" & \text{if } x > 0 \\ - 1 & \text{if } x < 0 \end{cases}"


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"\sigma'(x)", 5),
        (r"\frac{\partial S_{k}}{\partial z_{k}}", 3),
        (r"\operatorname{softplus}'(x)", 12),
        (r"\frac{d}{d x} \max\left(0, x\right)", 10),
        (r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", 11),
        (r"\textcolor{#0072B2}{\frac{a + b + c}{2}} + 1", 7),
    ],
)
def test_a_formula_is_about_as_wide_as_its_letters(latex, letters):
    assert width(latex) == letters


@pytest.mark.parametrize("page", ["chapters/softmax", "atlas/softmax"])
def test_long_displays_of_the_atlas_break(page):
    doctree = nodes.Element("", *(nodes.math_block(text, text) for text in ("y = 1", SUM)))
    break_displays(SimpleNamespace(env=SimpleNamespace(docname=page)), doctree)
    displays = [block.astext() for block in doctree.findall(nodes.math_block)]
    # A chapter's are set by hand.
    assert displays == ["y = 1"] + [SUM] * (page == "chapters/softmax")
    assert len(list(doctree.findall(nodes.math))) == (12 if page == "atlas/softmax" else 0)
