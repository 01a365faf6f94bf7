"""What the book's search knows of a page: prose and code apart, formulas as text."""

from types import SimpleNamespace

import pytest
from actgrad_book.pages import plain_formula
from actgrad_book.search import named, sections, weights
from docutils import nodes
from sphinx.addnodes import pending_xref


def _section(identifier, title, *children):
    section = nodes.section("", nodes.title("", "", *title), *children, ids=[identifier])
    return section


def test_each_section_stands_for_itself():
    inner = _section("b", [nodes.Text("Inner")], nodes.paragraph("", "inside"))
    formula = nodes.math("", r"\sigma(x)")
    outer = _section(
        "a",
        [nodes.Text("The "), formula],
        nodes.paragraph("", "One "),
        nodes.literal_block("", "np.exp(-x)"),
        nodes.container("", nodes.paragraph("", "9.5"), classes=["cell_output"]),
        nodes.raw("", "<b>raw</b>", format="html"),
        inner,
    )
    document = nodes.document(None, None)
    document += outer
    assert list(sections(document)) == [
        {"anchor": "a", "heading": "The σ(x)", "text": "One", "code": "np.exp(-x)"},
        {"anchor": "b", "heading": "Inner", "text": "inside", "code": ""},
    ]


def test_links_have_the_names_of_their_targets():
    def link(kind, target, **more):
        options = {"refdoc": "atlas/glu", "refexplicit": False, **more}
        return pending_xref(
            "", nodes.inline("", target), reftype=kind, reftarget=target, **options
        )

    section = _section(
        "a",
        [nodes.Text("Links")],
        nodes.paragraph(
            "",
            "",
            link("p", "two2020,one1990"),
            nodes.Text(" in "),
            link("doc", "../chapters/gated-units"),
        ),
        nodes.paragraph(
            "", "", link("ref", "half"), nodes.Text(", "), link("doc", "x", refexplicit=True)
        ),
    )
    document = nodes.document(None, None)
    document += section
    (kept,) = sections(document)
    works = [("one1990", "One, 1990"), ("two2020", "Two and Three, 2020")]
    cite = SimpleNamespace(
        citations=[
            SimpleNamespace(key=key, formatted_entry=SimpleNamespace(label=label))
            for key, label in works
        ]
    )
    std = SimpleNamespace(labels={"half": ("chapters/gated-units", "half", "Which half")})
    env = SimpleNamespace(
        domains={"cite": cite, "std": std},
        titles={"chapters/gated-units": nodes.title("", "Gated units")},
    )
    env.get_domain = env.domains.get
    said = named(env)(kept["text"])
    assert said == "(Two and Three, 2020; One, 1990) in Gated units Which half, x"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1/(1 + e^(−x))"),
        (r"\dfrac{e^{-x}}{(1 + e^{-x})^2}", "(e^(−x))/((1 + e^(−x))^2)"),
        (r"e^{\frac{a}{b}}", "e^(a/b)"),
        (r"x \le \tfrac{1}{2}", "x ≤ 1/2"),
        (r"\tfrac12 (y - t)^2", "1/2 (y − t)^2"),
        (r"1 - \tanh^2 x", "1 − tanh ^2 x"),
        (r"N \times p", "N × p"),
        (r"-\ln(y + 10^{-12})", "−ln (y + 10^(−12))"),
        (r"\sqrt{\tfrac{2}{\pi}}\,x", "√(2/π) x"),
        (r"\frac{x}{\sqrt 2} + x/\sqrt{2\pi}", "x/√2 + x/√(2π)"),
        (
            r"\begin{cases} x & x \ge 0 \\ 0 & \text{if } x < 0 \end{cases}",
            "x, x ≥ 0; 0, if x < 0",
        ),
        (r"\begin{aligned} a &= b \\[4pt] &= c \end{aligned}", "a = b; = c"),
        (r"\frac{1}{\textcolor{#0072B2}{x + 1}}", "1/(x + 1)"),
    ],
)
def test_formulas_are_readable_as_text(latex, text):
    assert plain_formula(latex) == text


def test_chapters_weigh_more_than_appendices_and_the_reference_least():
    contents = {
        "parts": [
            {"caption": "Activation functions", "chapters": [{"file": "chapters/relu"}]},
            {
                "caption": "Appendices",
                "chapters": [
                    {"file": "chapters/errata"},
                    {"file": "chapters/api", "sections": [{"file": "chapters/api-layers"}]},
                ],
            },
        ]
    }
    weight = weights(contents)
    assert 1 == weight["chapters/relu"] > weight["chapters/errata"] > weight["chapters/api"] > 0
    assert weight["chapters/api-layers"] == weight["chapters/api"]
