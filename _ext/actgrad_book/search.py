"""The book's search: ranked by MiniSearch in the page, from disk too, with the readers' words.

Sphinx's own search finds a page only if every word of the query stands in it, and lists equals
by the alphabet. Here every section of the book is a document; a page says in its front matter
which other words readers use for what it holds (``keywords: logistic, expit``).
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from .assets import fetch
from .pages import plain_formula

SCRIPT = Path(__file__).with_name("search.js")
# A reader who asks for a function wants its chapter before what is looked up about it.
LOOKED_UP = {"Appendices": 0.35}
OWN = {"chapters/lab": 0.2}
# The reference: each of its pages.
REFERENCE = ("chapters/api", 0.12)
# Each page of the atlas names every rule that its derivation uses.
GENERATED = ("atlas/", 0.2)
# Links that have no text of their own, and how they are kept until all pages are read.
NAMED_LATER = {"doc": "page", "ref": "section", "p": "work"}
LINK = "\0{} {}\0"


def text_of(node: nodes.Node) -> str:
    """Return the prose of a node: formulas as plain text, no code, no outputs, no raw HTML.

    A citation, or a link that has no text of its own, is kept as a `LINK`.
    """
    if isinstance(node, (nodes.math, nodes.math_block)):
        return plain_formula(node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, (nodes.raw, nodes.comment, nodes.literal_block, nodes.section)):
        return ""
    if (
        isinstance(node, pending_xref)
        and node["reftype"] in NAMED_LATER
        and not node["refexplicit"]
    ):
        target = node["reftarget"]
        if node["reftype"] == "doc":
            target = docname_join(node["refdoc"], target)
        return LINK.format(NAMED_LATER[node["reftype"]], target)
    if isinstance(node, nodes.Element) and "cell_output" in node.get("classes", ()):
        return ""
    separator = "" if isinstance(node, nodes.TextElement) else " "
    return separator.join(text_of(child) for child in node.children)


def sections(doctree: nodes.document) -> Iterator[dict[str, str]]:
    """Yield anchor, heading, prose and code of each section, nested ones on their own."""
    for section in doctree.findall(nodes.section):
        title = next(iter(section.findall(nodes.title)))
        own = [child for child in section.children if not isinstance(child, nodes.section)]
        prose = " ".join(text_of(child) for child in own if child is not title)
        code = " ".join(
            block.astext() for child in own for block in child.findall(nodes.literal_block)
        )
        yield {
            "anchor": section["ids"][0],
            "heading": text_of(title),
            "text": " ".join(prose.split()),
            "code": " ".join(code.split()),
        }


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep a page's sections with the environment, as the page may not be read again."""
    _kept(app.env)[app.env.docname] = list(sections(doctree))


def _kept(env: BuildEnvironment) -> dict[str, list[dict[str, str]]]:
    if not hasattr(env, "actgrad_sections"):
        env.actgrad_sections = {}  # type: ignore[attr-defined]
    kept: dict[str, list[dict[str, str]]] = env.actgrad_sections  # type: ignore[attr-defined]
    return kept


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the sections of a page that is gone or will be read again."""
    _kept(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: Any) -> None:
    """Take over what a parallel process has read."""
    _kept(env).update({name: _kept(other)[name] for name in docnames if name in _kept(other)})


def weights(contents: dict[str, Any]) -> dict[str, float]:
    """Return the weight of each page by the part of the contents that it stands in."""
    by_part = {
        page["file"]: LOOKED_UP.get(part.get("caption", ""), 1.0)
        for part in contents.get("parts", ())
        for chapter in part["chapters"]
        for page in (chapter, *chapter.get("sections", ()))
        if "file" in page
    }
    start, least = REFERENCE
    own = OWN | {page: least for page in by_part if page.startswith(start)}
    return by_part | {page: weight for page, weight in own.items() if page in by_part}


def named(env: BuildEnvironment) -> Callable[[str], str]:
    """Return a function that puts the names of their targets for the links in a text.

    A page and a section have their titles, a work its authors and year. What is not there has
    no name: Sphinx warns of it.
    """
    labels = env.get_domain("std").labels  # type: ignore[attr-defined]
    cited = env.get_domain("cite").citations if "cite" in env.domains else ()  # type: ignore[attr-defined]
    names = {"page": {page: title.astext() for page, title in env.titles.items()}}
    names["section"] = {label: title for label, (_, _, title) in labels.items()}
    names["work"] = {work.key: work.formatted_entry.label for work in cited}

    def name(link: re.Match[str]) -> str:
        kind, targets = link[1], re.split(r", ?", link[2])
        found = "; ".join(names[kind].get(target, "") for target in targets)
        return f"({found})" if kind == "work" else found

    return lambda text: re.sub("\0(.*?) (.*?)\0", name, text)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the sections and the scripts that search them to ``_static/search``."""
    if exception or app.builder.format != "html":
        return
    toc = Path(app.srcdir) / app.config.external_toc_path
    contents = yaml.safe_load(toc.read_text(encoding="utf-8"))
    weight, with_names = weights(contents), named(app.env)
    pages = [
        {
            "url": app.builder.get_target_uri(name),
            "title": app.env.titles[name].astext(),
            "keywords": app.env.metadata[name].get("keywords", ""),
            "weight": weight.get(name, GENERATED[1] if name.startswith(GENERATED[0]) else 1.0),
            "sections": [
                {part: with_names(text) for part, text in section.items()}
                for section in _kept(app.env)[name]
            ],
        }
        for name in sorted(app.env.found_docs)
    ]
    target = Path(app.outdir) / "_static" / "search"
    target.mkdir(parents=True, exist_ok=True)
    data = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (target / "sections.js").write_text(f"const PAGES = {data}\n", encoding="utf-8")
    shutil.copy(SCRIPT, target)
    shutil.copy(fetch() / "minisearch" / "dist" / "umd" / "index.js", target / "minisearch.js")


def replace_sphinx_search(app: Sphinx) -> None:
    """Keep Sphinx from building its index; the search page is the extension's own."""
    app.builder.search = False  # type: ignore[attr-defined] # only builders of HTML have one


def add_page(app: Sphinx, config: Config) -> None:
    """Ask for the search page, which Sphinx writes only with its own search."""
    config.html_additional_pages = {**config.html_additional_pages, "search": "search.html"}


def setup(app: Sphinx) -> None:
    """Collect while the pages are read, write when they are built."""
    app.connect("config-inited", add_page)
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", write)
