"""What the tools behind the book write and WCAG 2.2 does not allow is mended in the page."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# what is written -> what stands on the page, each with its reason
MENDED = {
    # The label hides the visible words of the summary from those who listen.
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # A role that ARIA 1.2 has withdrawn; its list wants items.
    'role="doc-biblioentry"': 'role="listitem"',
}


def mend(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Replace the known faults in the page's body."""
    body = context.get("body", "")
    for fault, mended in MENDED.items():
        body = body.replace(fault, mended)
    context["body"] = body


def setup(app: Sphinx) -> None:
    """Run once the body is written."""
    app.connect("html-page-context", mend, priority=700)
