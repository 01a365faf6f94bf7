"""Formulas are MathML Core, set as TeX sets them, in a font that has all their signs."""

import json
import subprocess
from io import BytesIO
from xml.etree import ElementTree

import pytest
from actgrad_book import font, mathematics
from actgrad_book.assets import NODE
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

RUN = """
const { renderToString } = require(process.argv[1]);
const formulas = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const made = formulas.map(([latex, displayMode]) => renderToString(latex, { displayMode }));
process.stdout.write(JSON.stringify(made));
"""
# https://www.w3.org/TR/mathml-core/
CORE = {
    *("math", "mi", "mn", "mo", "mspace", "mtext", "mrow", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
ATTRIBUTES = {
    *("display", "displaystyle", "scriptlevel", "mathvariant", "class", "accent", "form"),
    *("lspace", "rspace", "stretchy", "minsize", "maxsize", "width"),
}
FORMULAS = [
    r"\sigma'(x) = \frac{1}{1 + e^{-x}}",
    r"\begin{cases} 0 & \text{if } x < -3 \\ \frac{x}{6} & \text{otherwise} \end{cases}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\sum_{\substack{j=1 \\ j \neq i}}^{n} \textcolor{#0072B2}{- s_j} \cdot \hat{y}",
    r"\sqrt{\tfrac{2}{\pi}}\,\bigl(x\bigr) \to \mathbb{R}^n, \mathbf{1}^{\mathsf T}",
    r"f_l'(Z) f''' f'^2 \lvert x \rvert \underbrace{W}_{b} \operatorname{diag}(y)",
]


def made(*formulas, display=False, strict=True):
    run = (
        RUN
        if strict
        else RUN.replace("{ displayMode }", "{ displayMode, throwOnError: false }")
    )
    done = subprocess.run(
        [NODE, "-e", run, mathematics.WRAPPER],
        input=json.dumps([[latex, display] for latex in formulas]),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def operators(latex):
    """Return text and attributes of each operator of a formula."""
    (markup,) = made(latex)
    return [(mo.text, mo.attrib) for mo in ElementTree.fromstring(markup).iter("mo")]


@pytest.mark.parametrize("display", [False, True])
def test_formulas_are_mathml_core(display):
    for markup in made(*FORMULAS, display=display):
        root = ElementTree.fromstring(markup)
        assert {element.tag for element in root.iter()} <= CORE
        assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
        assert (root.get("display") == "block") == display


def test_scripts_are_tight_and_lines_are_not():
    ((_, below),) = operators("x_{j=1}")
    assert below == {"lspace": "0", "rspace": "0"}
    ((_, beside),) = operators("j=1")
    assert beside == {}
    ((_, above),) = operators(r"\frac{a+b}{2}")
    assert above == {"lspace": "0", "rspace": "0"}


def test_a_sign_is_no_operation():
    minus = [attributes for text, attributes in operators("(-x) - y = -z") if text == "−"]
    assert [given.get("form", "infix") for given in minus] == ["prefix", "infix", "prefix"]
    # Coloured, it stands first in a row of its own and is an operation still.
    _, minus = operators(r"a + \textcolor{#0072B2}{b} \textcolor{#0072B2}{- c}")
    assert minus == ("−", {"form": "infix"})


def test_brackets_grow_around_what_is_high_alone():
    low = dict(operators(r"\left(1 + e^{-x}\right)"))
    assert low["("] == low[")"] == {"stretchy": "false"}
    high = dict(operators(r"\left(\frac{x}{2}\right)"))
    assert "stretchy" not in high["("]
    sized = dict(operators(r"a \cdot \bigl(b + c\bigr)"))
    assert sized["("]["minsize"] == sized[")"]["minsize"] == "1.2em"
    opened, closed = (given for _, given in operators(r"\lvert x \rvert"))
    assert (opened["form"], closed["form"]) == ("prefix", "postfix")


def test_brackets_that_follow_one_another_are_one_element():
    texts = [text for text, _ in operators(r"f\left(g\left(x\right)\right)")]
    assert texts == ["(", "(", "))"]
    assert [text for text, _ in operators(r"\ln(x)")] == ["(", ")"]
    assert "\u2061" in made(r"\ln x")[0]


@pytest.mark.parametrize(("latex", "prime"), [("f'", "′"), ("f''", "″"), ("f'''", "‴")])
def test_primes_are_raised_once(latex, prime):
    (markup,) = made(latex)
    assert f'<mi>f</mi><mo lspace="0" rspace="0">{prime}</mo>' in markup
    assert "msup" not in markup


def test_a_name_stands_off_from_what_it_multiplies_and_not_from_its_bracket():
    assert made(r"2 \ln x")[0].count(".1667em") == 2
    assert ".1667em" not in made(r"\ln(x)")[0]
    assert made(r"\max_j z_j")[0].count(".1667em") == 1


def test_what_touches_a_formula_is_not_parted_from_it():
    context = {
        "body": '<p>(<span class="math"><math>x</math></span>), at '
        '<span class="math"><math>y</math></span> 3.1 × 10⁻¹⁷</p>'
    }
    mathematics.keep_together(None, "", "", context, None)
    joined = '<span class="math">(<math>x</math>),</span> at <math>y</math>'
    assert context["body"] == f"<p>{joined} 3.1\u00a0×\u00a010⁻¹⁷</p>"


def test_a_changed_part_is_marked_by_a_class():
    one, two = made(r"a = \textcolor{#0072B2}{b}", r"a = \textcolor{#0072B2}{b + c}")
    assert '<mi class="changed">b</mi>' in one
    assert '<mrow class="changed"><mi>b</mi><mo>+</mo><mi>c</mi></mrow>' in two
    assert "color=" not in one + two


def test_what_cannot_be_read_is_said():
    (markup,) = made(r"\frac{1}{", strict=False)
    assert mathematics.KATEX_ERROR.search(markup)


def test_the_font_has_what_formulas_draw_and_widths_that_fit():
    pages = made(*FORMULAS)
    points = font.needed(pages)
    assert {ord("∑"), 0x1D70E, 0x211D, 0x1D7CF, 0x1D5B3} <= points
    assert ord("σ") not in font.needed(["<math><mi>σ</mi></math>"])
    cut = TTFont(BytesIO(font.subset(points)))
    assert points <= set(cut.getBestCmap())
    variants = cut["MATH"].table.MathVariants
    made_of = dict(
        zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True)
    )
    for bracket in ("parenleft", "braceleft", "radical"):
        grown = made_of[bracket].MathGlyphVariantRecord[1:]
        pieces = made_of[bracket].GlyphAssembly.PartRecords
        widths = {cut["hmtx"][record.VariantGlyph][0] for record in grown}
        assert len(widths | {cut["hmtx"][piece.glyph][0] for piece in pieces}) == 1


def test_a_sign_that_the_font_lacks_is_named():
    with pytest.raises(ExtensionError, match=r"no sign for 猫 \(U\+732B\)"):
        font.subset({ord("x"), ord("猫")})
