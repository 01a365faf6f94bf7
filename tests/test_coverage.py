"""Every row of the coverage page leads somewhere; every erratum is reached and shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
CHAPTERS = ROOT / "chapters"
PAGE = (CHAPTERS / "coverage.md").read_text("utf-8")
LABEL = re.compile(r"\{ref\}`(?:[^`<]+<)?([\w-]+)>?`")
# The headings of the documents' sections, which nothing may drop.
SECTIONS = {
    "000": ["Sigmoid", "Tanh", "ReLU", "Softmax"],
    "001": ["Derivation", "Why is this formula superior?", "Conclusion"],
    "002": [
        "Element-wise independent functions",
        "Sigmoid",
        "Tanh",
        "Linear",
        "ReLU",
        "Element-wise dependent functions",
        "Softmax",
    ],
    "003": ["Sigmoid", "Softmax", "ReLU", "tanh"],
}
ROWS_AT_LEAST = {"000": 19, "001": 18, "002": 48, "003": 23}


def pages() -> set[str]:
    contents = str(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))
    return set(re.findall(r"chapters/([\w-]+)", contents))


def labels(page: str) -> set[str]:
    return set(re.findall(r"(?m)^\(([\w-]+)\)=$", (CHAPTERS / f"{page}.md").read_text("utf-8")))


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lstrip("#")).strip().lower().replace(" ", "-")


def slugs(page: str) -> set[str]:
    """Return the anchors that the headings of a page get."""
    text = re.sub(r"(?ms)^```.*?^```", "", (CHAPTERS / f"{page}.md").read_text("utf-8"))
    return {slug(heading) for heading in re.findall(r"(?m)^#{1,3} .+$", text)}


def folded(text: str) -> set[str]:
    """Return the labels and anchors of the sections in which a cell hides its output."""
    found: set[str] = set()
    names: set[str] = set()
    above: set[str] = set()
    in_cell = False
    for line in text.splitlines():
        if line.startswith("```"):
            in_cell = not in_cell
        elif in_cell:
            found |= names if re.match(":tags:.*hide-(output|cell)", line) else set()
        elif label := re.fullmatch(r"\(([\w-]+)\)=", line):
            above.add(label[1])
        elif re.match("#{1,3} ", line):
            names, above = above | {slug(line)}, set()
    return found


def rows(document: str) -> list[list[str]]:
    (part,) = re.findall(rf"(?ms)^## Document {document}$(.*?)(?=^## |\Z)", PAGE)
    return [
        re.split(r"(?<!\\) \| ", line.strip("| "))
        for line in part.splitlines()
        if line.startswith("| ") and not line.startswith("| in the document")
    ]


def problems(cell: str) -> Iterator[str]:
    known = pages()
    references = LABEL.findall(cell)
    links = re.findall(r"\]\(([\w-]+)\.md#([\w-]+)\)", cell)
    if not references and not links:
        yield f"no link in {cell!r}"
    all_labels = {label for page in known for label in labels(page)}
    yield from (f"no label {label}" for label in references if label not in all_labels)
    for page, anchor in links:
        if page not in known:
            yield f"{page} is not in the contents"
        elif anchor not in slugs(page):
            yield f"{page} has no heading {anchor}"


@pytest.mark.parametrize("document", SECTIONS)
def test_every_row_leads_to_its_place(document: str) -> None:
    table = rows(document)
    assert len(table) >= ROWS_AT_LEAST[document]
    for cells in table:
        assert len(cells) == 3, cells
        assert cells[1] in {"formula", "code", "claim"}
        assert list(problems(cells[2])) == []


@pytest.mark.parametrize("document", SECTIONS)
def test_no_section_is_dropped(document: str) -> None:
    bold = " ".join(
        re.findall(r"\*\*(.+?)\*\*", " ".join(cells[0] for cells in rows(document)))
    )
    assert [section for section in SECTIONS[document] if section not in bold] == []


@pytest.mark.parametrize("document", SECTIONS)
def test_no_target_is_folded(document: str) -> None:
    hidden = {page: folded((CHAPTERS / f"{page}.md").read_text("utf-8")) for page in pages()}
    for *_, cell in rows(document):
        for page, anchor in re.findall(r"\]\(([\w-]+)\.md#([\w-]+)\)", cell):
            assert anchor not in hidden[page], f"{page}: {anchor}"
        for label in LABEL.findall(cell):
            if not label.startswith("errata-"):  # their proofs are folded, they are not
                assert not any(label in names for names in hidden.values()), label


def test_a_fold_is_found() -> None:
    cell = "```{code-cell} ipython3\n:tags: [hide-output]\n\n# no heading\nx\n```\n"
    text = f"(one)=\n## Section one\n\n{cell}\n(two)=\n### Two\n\nwords\n"
    assert folded(text) == {"one", "section-one"}


def test_every_erratum_is_reached() -> None:
    reached = {label for label in LABEL.findall(PAGE) if label.startswith("errata-")}
    assert reached == labels("errata") - {"errata-counterexamples"}


@pytest.mark.parametrize(
    "cell", ["{ref}`no-such-label`", "[x](no-such.md#a)", "[x](sigmoid.md#no-such)", "words"]
)
def test_a_dead_link_is_found(cell: str) -> None:
    assert list(problems(cell))


ERRATA = (CHAPTERS / "errata.md").read_text("utf-8")
CELLS = re.findall(r"(?ms)^```\{code-cell\}.*?\n\n(.*?)^```", ERRATA)
NUMBERS = [
    numbers.split(", ")
    for numbers in re.findall(
        r"(?m)^\| \d+ \| \[?((?:\d{3}-\d+(?:, )?)+)\]?(?:\(.*?\))? \|", ERRATA
    )
]
# A date is settled by a source, a wrong word by the document itself.
WITHOUT_A_CELL = {"002-7", "000-2", "001-2"}


def test_every_erratum_has_one_row() -> None:
    in_rows = [number for row in NUMBERS for number in row]
    assert len(in_rows) == len(set(in_rows))
    assert {f"errata-{number}" for number in in_rows} == {
        label for label in labels("errata") if re.search(r"\d", label)
    }


def test_every_erratum_has_its_counterexample() -> None:
    calls = [cell for cell in CELLS if "counterexample(" in cell]
    shown = {number for cell in calls for number in re.findall(r'"(\d{3}-\d+)[":]', cell)}
    assert {row[0] for row in NUMBERS if not shown & set(row)} == WITHOUT_A_CELL


@pytest.mark.parametrize(
    ("document", "right", "found", "words"),
    [
        (1.0, 2.0, 1.0, "the document is right"),
        (1.0, 2.0, 3.0, "the correction of a value is wrong"),
        ("runs", "TypeError", "ValueError", "the correction"),
        (0.0, 1e-9, 0.0, "the document is right"),
    ],
)
def test_a_counterexample_can_fail(document, right, found, words) -> None:
    names: dict[str, object] = {}
    exec(CELLS[0], names)
    with pytest.raises(AssertionError, match=words):
        names["counterexample"]("000-0", ("a value", document, right, found))
