"""Every symbol of the chapters' mathematics stands on the notation page."""

import re
from pathlib import Path

import pytest
import sympy

from actgrad.derivations import DERIVATIONS
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
    formula = re.sub(r"\{\{\w+\}\}", " ", formula)  # the name of a computed number
    formula = re.sub(r"\\(begin|end)\{[^}]*\}(\{[^}]*\})?", " ", formula)
    formula = re.sub(r"\\textcolor\{[^}]*\}", " ", formula)
    formula = re.sub(r"\\(text|textbf|label|tag|hspace)\{[^}]*\}", " ", formula)
    names = set(re.findall(r"\\(?:operatorname\*?|mathrm|mathit)\{([A-Za-z]{2,})\}", formula))
    formula = re.sub(r"\\(?:operatorname\*?|mathrm|mathit)\{[A-Za-z]{2,}\}", " ", formula)
    formula = re.sub(r"\\mathsf\{?\s*T\}?", r"\\top", formula)
    commands = set(re.findall(r"\\([A-Za-z]+)", formula)) - LAYOUT
    letters = set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", formula)))
    return names | commands | letters


LAW = [
    [cell.strip() for cell in line.strip("|").split(" |")]
    for line in (CHAPTERS / "notation.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| $")
]


def named(cell: str) -> set[str]:
    return set[str]().union(*map(symbols, mathematics(cell)))


def known(page: str) -> set[str]:
    """Return the symbols that have a meaning on a page: the general ones and its own."""
    return set[str]().union(
        *(named(row[0]) for row in LAW if not row[3] or f"{{doc}}`{page}`" in row[3])
    )


def unknown(text: str, page: str) -> set[str]:
    return named(text) - known(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_symbol_is_explained(page: Path) -> None:
    missing = unknown(page.read_text(encoding="utf-8"), page.stem)
    assert not missing, f"{page.name} uses {sorted(missing)}; add them to chapters/notation.md"


def test_one_letter_has_one_general_meaning() -> None:
    assert all(len(row) == 4 for row in LAW)
    # y = f(x) says what y is, not what x is.
    letters = [
        letter
        for row in LAW
        if not row[3]
        for formula in re.findall(r"\$([^$]+)\$", row[0])
        for letter in re.findall(r"^(\\?[A-Za-z]+)(?: = .*)?$", formula)
    ]
    assert len(letters) >= 60
    assert {letter for letter in letters if letters.count(letter) > 1} == set()


def test_a_local_meaning_names_chapters() -> None:
    local = [row[3] for row in LAW if row[3]]
    assert len(local) >= 10
    for cell in local:
        for name in re.findall(r"\{doc\}`([\w-]+)`", cell):
            assert (CHAPTERS / f"{name}.md").is_file(), name
        assert re.sub(r"\{doc\}`[\w-]+`,? ?", "", cell) == ""


OF_CLASSES = [
    name
    for name, make in DERIVATIONS.items()
    if name.startswith(("softmax_", "log_s", "cross_entropy", "softmin", "sparsemax"))
]


@pytest.mark.parametrize("name", OF_CLASSES)
def test_derivations_of_softmax_keep_the_letters(name: str) -> None:
    """y is the output, s the stretch, k the number of classes, i an output and j an input."""
    derivation = DERIVATIONS[name]()
    lines = [step.expression for step in derivation.steps]
    letters = {str(symbol) for line in lines for symbol in line.atoms(sympy.Symbol)}
    arrays = {str(base) for line in lines for base in line.atoms(sympy.IndexedBase)}
    assert arrays <= {"y", "z", "g", "u", "t", "v"}
    assert not letters & {"n", "S"}
    sums = [limits for line in lines for s in line.atoms(sympy.Sum) for limits in s.limits]
    assert {str(end) for _, _, end in sums} <= {"k", "m"}
    assert "k" not in {str(index) for index, *_ in sums}
    if derivation.symbol is not None:
        assert str(derivation.symbol.indices[-1]) == "j"


def test_there_are_such_derivations() -> None:
    assert len(OF_CLASSES) >= 12


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_number_of_classes_is_no_index(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for formula in mathematics(text):
        # The last of k things may be counted: t_1, ..., t_k.
        plain = re.sub(r"dots, \w_k\b", "", formula)
        assert not re.search(r"_\{?[a-z]?k\b|sum_k|prod_k", plain), formula


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
    assert unknown(text, "sigmoid") == missing


def test_a_local_symbol_elsewhere_is_found() -> None:
    assert unknown("$M + 1$", "sigmoid") == {"M"}
    assert unknown("$M + 1$", "softmax-and-cross-entropy") == set()
