"""No word of the glossary is used before it is explained, in the order of the contents."""

import re
from pathlib import Path

import pytest
import yaml

from tests.prose import with_computed_paragraphs

CHAPTERS = Path(__file__).parents[1] / "chapters"
GLOSSARY = (CHAPTERS / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"(?m)^(?! |`|-|#)(\S.*)\n  \S", GLOSSARY)


def contents() -> list[Path]:
    """Return the pages in the order in which they are read, up to the appendices."""
    toc = yaml.safe_load((CHAPTERS.parent / "_toc.yml").read_text(encoding="utf-8"))
    parts = [part for part in toc["parts"] if part["caption"] != "Appendices"]
    files = [toc["root"], *(c["file"] for part in parts for c in part["chapters"])]
    return [CHAPTERS.parent / f"{file}.md" for file in files]


def prose(text: str) -> str:
    """Return a chapter's sentences: no cells, formulas, headings, addresses of links, code."""
    text = re.sub(r"\A---.*?\n---\n", "", with_computed_paragraphs(text), flags=re.S)
    # What stands in these is read like the text around it.
    spoken = (
        r"(?ms)^```\{(?:predict|predicted|admonition)\}[^\n]*\n(?::\w+:[^\n]*\n)*(.*?)^```$"
    )
    text = re.sub(spoken, r"\1", text)
    text = re.sub(r"(?ms)^(`{3,}|:{3,}).*?^\1\s*$", "", text)
    text = re.sub(r"(?m)^(#+ |\(.*\)=$).*$", "", text)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", "…", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    # Of a role only the words that a reader sees stay; a link to a term is marked.
    text = re.sub(r"\{term\}`([^`<]*)(?:<[^`]*>)?`", r"⟦\1⟧", text)
    text = re.sub(r"\{[\w:]+\}`(?:([^`<]*)<[^`]*>|[^`]*)`", r"\1", text)
    return re.sub(r"`[^`\n]+`", "…", text)


def uses(term: str) -> str:
    """Return a pattern of a term: a capital at the start, any space, plural."""
    words = [re.escape(word) for word in term.split()]
    first = f"[{words[0][0].upper()}{words[0][0].lower()}]{words[0][1:]}"
    return r"\b" + r"\s+".join([first, *words[1:]]) + r"(?:s|es)?\b"


def first_use(term: str, pages: list[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the page and the surroundings of a term's first use."""
    for name, text in pages:
        found = re.search(uses(term), text)
        if found:
            line = text.rfind("\n", 0, max(0, found.start() - 80))
            return name, text[max(0, line) : found.end() + 60]
    return None


def is_explained(term: str, surroundings: str) -> bool:
    """Return whether the first use is set bold, as where a word is explained, or linked."""
    bold = r"\*\*(?=\S)[^*]{,60}" + uses(term) + r"[^*]{,60}(?<=\S)\*\*"
    link = r"⟦[^⟧]*" + uses(term) + "[^⟧]*⟧"
    found = re.search(f"{bold}|{link}|{uses(term)}", surroundings)
    return bool(found) and bool(found[0][0] in "*⟦")


PAGES = [(page.stem, prose(page.read_text(encoding="utf-8"))) for page in contents()]


def test_the_glossary_has_terms() -> None:
    assert len(TERMS) >= 50
    assert sorted(TERMS, key=str.lower) == TERMS


@pytest.mark.parametrize("term", TERMS)
def test_first_use_explains_or_links(term: str) -> None:
    use = first_use(term, PAGES)
    if use is None:
        pytest.fail(f"no chapter uses the glossary's {term!r}")
    page, surroundings = use
    assert is_explained(term, surroundings), (
        f"{page}: the first {term!r} in the order of the contents is neither bold, as where it "
        f"is explained, nor a {{term}} link: {' '.join(surroundings.split())}"
    )


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("A **dead unit** is one that", True),
        ("The {term}`dead units <dead unit>` and more dead units", True),
        ("A dead unit. A **dead unit** is", False),
        ("**One.** And a dead unit. **Two**", False),
        ("Here dead\nunits stay", False),
        ("A {term}`loss` of dead units", False),
    ],
)
def test_a_word_before_its_explanation_is_found(text: str, explained: bool) -> None:
    use = first_use("dead unit", [("page", prose(text))])
    assert use is not None
    assert is_explained("dead unit", use[1]) is explained
