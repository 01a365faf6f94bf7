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


def name_toggles(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Name what unfolds a part of the sidebar: to the eye it is an arrow."""
    made = context.get("generate_toctree_html")
    if made is not None:
        named = '<summary aria-label="Its pages">'
        context["generate_toctree_html"] = lambda *args, **options: str(
            made(*args, **options)
        ).replace("<summary>", named)


def setup(app: Sphinx) -> None:
    """Run once the body is written, and after the theme has made its sidebar's function."""
    app.connect("html-page-context", mend, priority=700)
    app.connect("html-page-context", name_toggles, priority=900)
