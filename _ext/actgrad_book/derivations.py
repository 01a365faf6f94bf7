"""Tables that show a derivation get a class of their own, for the style and for the stepper."""

from docutils import nodes
from sphinx.application import Sphinx

# The last two columns' heads in what `Derivation` displays as Markdown.
HEADS = ("step", "rule")


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Add the class ``derivation`` to every table whose columns are a derivation's."""
    for table in doctree.findall(nodes.table):
        heads = [entry.astext().lower() for entry in next(table.findall(nodes.row)).children]
        if tuple(heads[-2:]) == HEADS:
            table["classes"].append("derivation")


def setup(app: Sphinx) -> None:
    """Mark the tables once the page is read."""
    app.connect("doctree-read", mark)
