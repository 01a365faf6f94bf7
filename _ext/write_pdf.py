"""Write the finished book as one PDF: ``python _ext/write_pdf.py [FOLDER]``.

Chromium prints the built pages as they stand without JavaScript, so that an explorer is its
first picture and all folds are open. pypdf joins them behind a table of contents and writes
the outline, the running heads, and the links from chapter to chapter.
"""

import html
import io
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from build import ROOT
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, Destination, Fit, NameObject

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
NAME = "activation-functions-and-their-gradients.pdf"
TITLE = "Activation Functions and Their Gradients"
PLACE = "<!-- the book as one PDF -->"
MARGIN = {"top": "24mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
# The width between the margins of A4, in CSS pixels.
WIDTH = 657
# What is wider than the page is set smaller; nothing is cut.
FIT = """() => {
  document.querySelector("#jb-print-toc")?.remove();
  const wide = "table, pre, svg, .math, .derivation-step, .katex-display, img";
  for (const block of document.querySelectorAll(`article :is(${wide})`)) {
    const room = block.parentElement.clientWidth;
    const asks = Math.max(block.scrollWidth, block.getBoundingClientRect().width);
    if (room && asks > room + 1) block.style.zoom = Math.max(0.4, room / asks);
  }
}"""
HEADS = """<style>@page {{ size: A4; margin: 0 }} * {{ margin: 0 }}
section {{ box-sizing: border-box; height: 297mm; padding: 12mm 18mm; break-after: page; font:
9pt sans-serif; color: #444; display: flex; justify-content: space-between }}</style>{}"""


@dataclass
class Printed:
    """A page of the book on paper."""

    name: str
    title: str
    reader: PdfReader
    titles: dict[str, str] = field(default_factory=dict)
    starts: int = 0
    places: dict[str, Destination] = field(default_factory=dict)


def browser() -> str:
    """Return the path of Chromium; raise if there is none."""
    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        raise FileNotFoundError(
            "Chromium prints the book, and none was found (looked for "
            f"{', '.join(CANDIDATES)}); install it, then run the command again"
        )
    return path


def printed(page: Page, folder: Path, name: str) -> Printed:
    """Print one page of the book."""
    page.goto((folder / name).as_uri(), wait_until="load")
    page.emulate_media(media="print", color_scheme="light")
    page.evaluate(FIT)
    paper = page.pdf(
        format="A4", margin=MARGIN, outline=True, tagged=True, print_background=True
    )
    reader = PdfReader(io.BytesIO(paper))
    heads = [
        re.sub(r"\s+", " ", text.strip(" #\n"))
        for text in page.locator("h1, article :is(h2, h3, h4)").all_inner_texts()
    ]
    titles = {re.sub(r"\s", "", text): text for text in heads if text}
    return Printed(name, heads[0], reader, titles, places=dict(reader.named_destinations))


def parts(contents: Path, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of the table of contents: a caption and the pages' names."""

    def pages(node: Any) -> Iterator[str]:
        for entry in node:
            if "glob" in entry:
                found = sorted(folder.glob(f"{entry['glob']}.html"))
                yield from (path.relative_to(folder).as_posix() for path in found)
            else:
                yield f"{entry['file']}.html"
                yield from pages(entry.get("sections", []))

    toc = yaml.safe_load(contents.read_text(encoding="utf-8"))
    yield "", [f"{toc['root']}.html"]
    for part in toc.get("parts", [toc]):
        yield part.get("caption", ""), list(pages(part.get("chapters", [])))


def contents_page(entries: list[tuple[str, list[Printed]]]) -> str:
    """Return the title and the table of contents as a page to print."""
    lines = []
    for caption, chapters in entries:
        lines.append(f"<h2>{html.escape(caption)}</h2>" if caption else "")
        lines += [
            f"<p><span>{html.escape(chapter.title)}</span><i></i>"
            f"<span>{chapter.starts + 1}</span></p>"
            for chapter in chapters
        ]
    return (
        "<style>body { font: 11pt sans-serif } h1 { margin: 60mm 0 20mm; font-size: 30pt }"
        "h2 { font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid }"
        "p { display: flex; margin: 1.2mm 0 } i { flex: 1; margin: 0 2mm;"
        "border-bottom: 1px dotted #888; transform: translateY(-0.3em) }"
        "section { break-before: page }</style>"
        f"<h1>{TITLE}</h1><section><h2>Contents</h2>{''.join(lines)}</section>"
    )


def heads(chapters: list[Printed]) -> str:
    """Return the running heads of all pages: the chapter's title and the page's number."""
    shown = []
    for chapter in chapters:
        for number in range(len(chapter.reader.pages)):
            folio = f"<span>{chapter.starts + number + 1}</span>"
            shown.append(f"<section><span>{html.escape(chapter.title)}</span>{folio}</section>")
    return HEADS.format("".join(shown))


def resolve(reader: PdfReader) -> None:
    """Let links within a page name their place itself: names repeat from page to page."""
    known = reader.named_destinations
    for page in reader.pages:
        for link in page.get("/Annots", ArrayObject()).get_object():
            link = link.get_object()
            if isinstance(link.get("/Dest"), str) and link["/Dest"] in known:
                link[NameObject("/Dest")] = known[link["/Dest"]].dest_array


def relink(writer: PdfWriter, chapters: list[Printed], folder: Path, front: int) -> None:
    """Let links from page to page of the book lead to the place in the PDF."""
    places = {(folder / chapter.name).resolve(): chapter for chapter in chapters}
    for page in writer.pages:
        for link in page.get("/Annots", ArrayObject()).get_object():
            link = link.get_object()
            target = str(link.get("/A", {}).get("/URI", ""))
            if not target.startswith("file:"):
                continue
            parts_of = urlsplit(target)
            chapter = places.get(Path(unquote(parts_of.path)))
            del link["/A"]
            if chapter is None:
                continue
            number = front + chapter.starts
            fit = Fit.fit()
            if found := chapter.places.get(unquote(parts_of.fragment)):
                number += max(0, chapter.reader.get_destination_page_number(found) or 0)
                fit = Fit.fit_horizontally(top=float(found.top or 0))
            place = writer.pages[number].indirect_reference
            link[NameObject("/Dest")] = ArrayObject(
                [place, NameObject(fit.fit_type), *fit.fit_args]
            )


def outline(writer: PdfWriter, chapter: Printed, items: Any, parent: Any, start: int) -> None:
    """Add a page's headings below its title."""
    last = parent
    for item in items:
        if isinstance(item, list):
            outline(writer, chapter, item, last, start)
            continue
        # Chromium joins the words of broken lines, and writes some headings twice.
        joined = re.sub(r"[\s#]", "", str(item.title))
        half = joined[: len(joined) // 2]
        title = chapter.titles.get(joined) or chapter.titles.get(half)
        if title is None or (half * 2 != joined and joined not in chapter.titles):
            continue
        number = chapter.reader.get_destination_page_number(item)
        fit = Fit.fit_horizontally(top=float(item.top)) if item.top is not None else Fit.fit()
        place = start + max(0, number or 0)
        last = writer.add_outline_item(title=title, page_number=place, parent=parent, fit=fit)


def write(folder: Path, contents: Path, target: Path) -> int:
    """Write the book of a folder as one PDF and return the number of its pages."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_context(
            java_script_enabled=False, viewport={"width": WIDTH, "height": 900}
        ).new_page()
        entries, starts = [], 0
        for caption, names in parts(contents, folder):
            chapters = []
            for name in names:
                chapter = printed(page, folder, name)
                chapter.starts = starts
                starts += len(chapter.reader.pages)
                print(f"{name}: {len(chapter.reader.pages)} pages", flush=True)
                chapters.append(chapter)
            entries.append((caption, chapters))
        every = [chapter for _, chapters in entries for chapter in chapters]
        page.set_content(contents_page(entries))
        first = PdfReader(io.BytesIO(page.pdf(format="A4", margin=MARGIN)))
        page.set_content(heads(every))
        above = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        chromium.close()
    return join(entries, first, above, folder, target)


def join(
    entries: list[tuple[str, list[Printed]]],
    first: PdfReader,
    above: PdfReader,
    folder: Path,
    target: Path,
) -> int:
    """Join what was printed and write it."""
    every = [chapter for _, chapters in entries for chapter in chapters]
    writer = PdfWriter()
    writer.append(first, import_outline=False)
    front = len(first.pages)
    for chapter in every:
        resolve(chapter.reader)
        writer.append(chapter.reader, import_outline=False)
    for sheet, head in zip(writer.pages[front:], above.pages, strict=False):
        sheet.merge_page(head)
        sheet.compress_content_streams()
    relink(writer, every, folder, front)
    for caption, chapters in entries:
        part = None
        for chapter in chapters:
            start = front + chapter.starts
            if caption and part is None:
                part = writer.add_outline_item(title=caption, page_number=start)
            title = writer.add_outline_item(title=chapter.title, page_number=start, parent=part)
            for below in chapter.reader.outline:
                if isinstance(below, list):  # the title itself stands above
                    outline(writer, chapter, below, title, start)
    writer.set_page_label(0, front - 1, style="/r")
    writer.set_page_label(front, len(writer.pages) - 1, style="/D", start=1)
    writer.add_metadata({"/Title": TITLE, "/Author": "The actgrad authors"})
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    writer.write(target)
    return len(writer.pages)


def link(folder: Path, target: Path) -> None:
    """Name the file on the front page."""
    page = folder / "chapters" / "index.html"
    if page.is_file() and PLACE in (text := page.read_text(encoding="utf-8")):
        size = f"{target.stat().st_size / 1e6:.0f} MB"
        named = f'<a href="../{target.name}">The whole book as one PDF</a> ({size})'
        page.write_text(text.replace(PLACE, f"<p>{named}</p>"), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the PDF into the finished book's folder; return the exit status."""
    folder = Path(arguments[0]) if arguments else ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        print(f"pdf: no finished book in {folder}: run `make book` first", file=sys.stderr)
        return 1
    try:
        browser()
    except FileNotFoundError as error:
        print(f"pdf: {error}", file=sys.stderr)
        return 1
    target = folder / NAME
    count = write(folder, ROOT / "_toc.yml", target)
    link(folder, target)
    print(f"{count} pages. The book as one file:\n{target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
