"""Every row of the coverage page leads somewhere, and every erratum is reached from it."""

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
ROWS_AT_LEAST = {"000": 18, "001": 16, "002": 42, "003": 22}


def pages() -> set[str]:
    contents = str(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))
    return set(re.findall(r"chapters/([\w-]+)", contents))


def labels(page: str) -> set[str]:
    return set(re.findall(r"(?m)^\(([\w-]+)\)=$", (CHAPTERS / f"{page}.md").read_text("utf-8")))


def slugs(page: str) -> set[str]:
    """Return the anchors that the headings of a page get."""
    text = re.sub(r"(?ms)^```.*?^```", "", (CHAPTERS / f"{page}.md").read_text("utf-8"))
    headings = re.findall(r"(?m)^#{1,3} (.+)$", text)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in headings}


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


def test_every_erratum_is_reached() -> None:
    reached = {label for label in LABEL.findall(PAGE) if label.startswith("errata-")}
    assert reached == labels("errata")


@pytest.mark.parametrize(
    "cell", ["{ref}`no-such-label`", "[x](no-such.md#a)", "[x](sigmoid.md#no-such)", "words"]
)
def test_a_dead_link_is_found(cell: str) -> None:
    assert list(problems(cell))
