"""The book as one PDF: pages, outline, links, text, fonts; the message without Chromium."""

import importlib
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pypdf = pytest.importorskip("pypdf")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def module():
    """Return the script as a module."""
    sys.path.insert(0, str(ROOT / "_ext"))
    try:
        return importlib.import_module("write_pdf")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="module")
def paper(module, explorers_book, tmp_path_factory):
    """Print the small book of every explorer."""
    try:
        module.browser()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    contents = Path(__file__).parent / "explorers_book" / "_toc.yml"
    # In a process of its own: other tests have a browser open in this one.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        count = apart.submit(module.write, explorers_book, contents, target).result()
    reader = pypdf.PdfReader(target)
    assert len(reader.pages) == count
    return reader


def entries(items, depth=0):
    for item in items:
        if isinstance(item, list):
            yield from entries(item, depth + 1)
        else:
            yield depth, item


def squeezed(text):
    return "".join(text.split())


def test_every_page_of_the_contents_is_there_and_in_the_outline(paper, module, explorers_book):
    contents = Path(__file__).parent / "explorers_book" / "_toc.yml"
    names = [name for _, found in module.parts(contents, explorers_book) for name in found]
    tops = [item for depth, item in entries(paper.outline) if depth == 0]
    assert len(tops) == len(names) >= 3
    starts = [paper.get_destination_page_number(item) for item in tops]
    assert starts == sorted(set(starts))
    for item, start in zip(tops, starts, strict=True):
        assert squeezed(item.title) in squeezed(paper.pages[start].extract_text())
    # The table of contents stands before, and says the same titles.
    before = squeezed("".join(page.extract_text() for page in paper.pages[: starts[0]]))
    assert all(squeezed(item.title) in before for item in tops)
    below = [item for depth, item in entries(paper.outline) if depth]
    assert "What stands below" in [item.title for item in below]
    assert len({item.title for item in below}) > 1


def test_each_page_has_its_running_head_and_its_number(paper):
    tops = [item for depth, item in entries(paper.outline) if depth == 0]
    starts = [paper.get_destination_page_number(item) for item in tops]
    front = starts[0]
    for number, page in enumerate(paper.pages[front:], start=1):
        title = [t.title for t, s in zip(tops, starts, strict=True) if s < front + number][-1]
        text = squeezed(page.extract_text())
        assert squeezed(title) in text
        assert str(number) in text
        assert paper.page_labels[front + number - 1] == str(number)
    assert paper.page_labels[0] == "i"


def test_steps_that_a_stepper_hides_and_folds_are_printed(paper):
    text = squeezed("".join(page.extract_text() for page in paper.pages))
    assert "stepseveryoneproved" in text.replace(",", "")
    for words in ("product rule", "chain rule", "Each line was compared"):
        assert squeezed(words) in text


def test_fonts_are_inside_and_formulas_have_some(paper):
    fonts = {}
    for page in paper.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            for one in [font, *(f.get_object() for f in font.get("/DescendantFonts", []))]:
                described = one.get("/FontDescriptor")
                if described is not None:
                    described = described.get_object()
                    inside = any(key.startswith("/FontFile") for key in described)
                    fonts[str(described["/FontName"])] = inside
                elif one.get("/Subtype") == "/Type3":
                    fonts[f"type 3 {id(one)}"] = True
    assert len(fonts) >= 2
    assert all(fonts.values()), fonts


def test_what_pages_draw_is_compressed(paper):
    for page in paper.pages:
        drawn = page["/Contents"].get_object()
        for stream in drawn if isinstance(drawn, list) else [drawn]:
            assert stream.get_object()["/Filter"] == "/FlateDecode"


def test_links_lead_within_the_file_and_none_to_a_file_of_this_machine(paper):
    inside = 0
    for page in paper.pages:
        for link in page.get("/Annots", []):
            link = link.get_object()
            target = str(link.get("/A", {}).get("/URI", ""))
            assert not target.startswith("file:")
            inside += "/Dest" in link
    assert inside > 0


def test_without_chromium_or_a_book_one_message_says_what_to_do(tmp_path, book):
    script = [sys.executable, str(ROOT / "_ext" / "write_pdf.py")]
    for arguments, words in (
        ([str(tmp_path)], "run `make book` first"),
        ([str(book)], "install it, then run the command again"),
    ):
        ended = subprocess.run(
            [*script, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PATH": str(tmp_path)},
        )
        assert ended.returncode == 1
        assert words in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
