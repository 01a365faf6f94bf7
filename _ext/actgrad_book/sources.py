"""A mention of one of the four source documents leads to its entry in the bibliography."""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

PAGE = "chapters/bibliography"
# "document 002", "documents 000, 001 and 003": the numbers are what is linked.
MENTION = re.compile(r"\b[Dd]ocuments?\s+00\d(?:(?:,\s+and\s+|,\s+|\s+and\s+|\s+or\s+)00\d)*")
NUMBER = re.compile(r"00\d")
# Links do not nest, and a heading is a link's text in the contents.
LEFT_ALONE = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.raw)


def _mentions(text: nodes.Text) -> bool:
    node: nodes.Node | None = text
    while node is not None:
        if isinstance(node, LEFT_ALONE):
            return False
        node = node.parent
    return bool(MENTION.search(text.astext()))


def linked(text: str, address: str) -> Iterator[nodes.Node]:
    """Yield the text in pieces, each number of a document that it mentions as a link."""
    last = 0
    for mention in MENTION.finditer(text):
        for number in NUMBER.finditer(text, mention.start(), mention.end()):
            yield nodes.Text(text[last : number.start()])
            refuri = f"{address}#document-{number[0]}"
            yield nodes.reference("", number[0], internal=True, refuri=refuri)
            last = number.end()
    yield nodes.Text(text[last:])


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link every mention on every page but the bibliography, where there is one."""
    if docname == PAGE or PAGE not in app.env.found_docs or app.builder.format != "html":
        return
    address = app.builder.get_relative_uri(docname, PAGE)
    for text in list(doctree.findall(nodes.Text)):
        if _mentions(text):
            text.parent.replace(text, list(linked(text.astext(), address)))


def setup(app: Sphinx) -> None:
    """Run when all references are resolved."""
    app.connect("doctree-resolved", link)
