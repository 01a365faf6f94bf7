"""Every symbol of the chapters' mathematics stands on the notation page."""

import re
from pathlib import Path

import pytest

from tests.prose import with_computed_paragraphs

CHAPTERS = Path(__file__).parents[1] / "chapters"
PAGES = sorted(
    page
    for page in CHAPTERS.glob("*.md")
    # The errata quote the documents in the documents' own letters.
    if page.stem not in {"notation", "errata", "coverage"}
)

# What sets mathematics without standing for anything.
LAYOUT = set(
    re.findall(
        r"\w+",
        """frac dfrac tfrac sqrt left right big Big bigg Bigg bigl bigr Bigl Bigr begin end quad
    qquad text textbf textcolor mathrm mathbf boldsymbol mathsf mathbb mathit operatorname
    displaystyle textstyle limits underbrace overbrace cdot times cdots ldots dots vdots ddots
    le leq ge geq ne neq lt gt equiv pm mp not mid implies Rightarrow iff qquad colon
    lvert rvert lVert rVert lfloor rfloor lbrace rbrace label tag hline nonumber
    cases aligned align array matrix pmatrix bmatrix prime circ underset overset
    longrightarrow rightarrow Longrightarrow mathcal tilde bar overline hspace
    phantom""",
    )
)


def mathematics(text: str) -> list[str]:
    """Return the formulas of a page, without its code, its raw text and its links."""
    text = with_computed_paragraphs(text)
    text = re.sub(
        r"^(`{3,}|:{3,})\{(?:code-cell|code-block).*?^\1", "", text, flags=re.S | re.M
    )
    text = re.sub(r"^```(?!\{math\}).*?^```", "", text, flags=re.S | re.M)
    text = re.sub(r"(?<!`)`[^`\n]+`(?!`)", "", text)
    display = re.findall(r"\$\$(.*?)\$\$", text, flags=re.S)
    display += re.findall(r"^```\{math\}(.*?)^```", text, flags=re.S | re.M)
    display += re.findall(
        r"(\\begin\{(align\*?|equation\*?)\}.*?\\end\{\2\})", text, flags=re.S
    )
    formulas = [item if isinstance(item, str) else item[0] for item in display]
    text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.S)
    return formulas + re.findall(r"(?<![\\$])\$([^$]+)\$", text)


def symbols(formula: str) -> set[str]:
    """Return letters, Greek letters, signs and names of functions in a formula."""
    formula = re.sub(r"\\(begin|end)\{[^}]*\}(\{[^}]*\})?", " ", formula)
    formula = re.sub(r"\\textcolor\{[^}]*\}", " ", formula)
    formula = re.sub(r"\\(text|textbf|label|tag|hspace)\{[^}]*\}", " ", formula)
    names = set(re.findall(r"\\(?:operatorname\*?|mathrm|mathit)\{([A-Za-z]{2,})\}", formula))
    formula = re.sub(r"\\(?:operatorname\*?|mathrm|mathit)\{[A-Za-z]{2,}\}", " ", formula)
    formula = re.sub(r"\\mathsf\{?\s*T\}?", r"\\top", formula)
    commands = set(re.findall(r"\\([A-Za-z]+)", formula)) - LAYOUT
    letters = set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", formula)))
    return names | commands | letters


KNOWN = set[str]().union(
    *(
        symbols(formula)
        for line in (CHAPTERS / "notation.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| $")
        for formula in mathematics(line.split(" | ")[0])
    )
)


def unknown(text: str) -> set[str]:
    return set[str]().union(*map(symbols, mathematics(text))) - KNOWN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_symbol_is_explained(page: Path) -> None:
    missing = unknown(page.read_text(encoding="utf-8"))
    assert not missing, f"{page.name} uses {sorted(missing)}; add them to chapters/notation.md"


def test_the_chapters_have_mathematics() -> None:
    found = sum(len(mathematics(page.read_text(encoding="utf-8"))) for page in PAGES)
    assert found >= 100


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("a letter $x + Q$", {"Q"}),
        ("Greek\n$$\n\\frac{\\omega}{2}\n$$\n", {"omega"}),
        ("a name $\\operatorname{swish}(x)$", {"swish"}),
        ("an align\n\\begin{align}\n x &= \\zeta\n\\end{align}\n", {"zeta"}),
        ("known $\\sigma(x) \\odot g$ and `$code$`", set()),
        ("```{code-cell} ipython3\nprint('$Q$')\n```\nafter", set()),
        ("$J^{\\mathsf T} g$ and $\\text{any words}$", set()),
    ],
)
def test_a_missing_symbol_is_found(text: str, missing: set[str]) -> None:
    assert unknown(text) == missing
