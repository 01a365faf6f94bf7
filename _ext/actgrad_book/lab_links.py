"""Links that open an exercise or a derivation in the lab's proof editor.

The address carries the task as plain data, so it works from disk too.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from .lab import fragment

LAB = "chapters/lab"
# What `Derivation` shows below its lines, and what the atlas says of one that has no name.
NAMED = re.compile(r'(?=<details class="derivation-report" data-name="([\w-]+)">)')
UNNAMED = re.compile(r"<!-- replay (\{.*?\}) -->")


def link(
    app: Sphinx, pagename: str, text: str, task: Mapping[str, Any], blank: Iterable[int] = ()
) -> str:
    """Return a paragraph with the link; nothing in a book that has no lab."""
    if LAB not in app.env.found_docs:
        return ""
    page, lab = map(app.builder.get_target_uri, (pagename, LAB))
    address = html.escape(relative_uri(page, lab) + fragment(task, blank))
    return f'<p><a class="lab-link" href="{address}">{text}</a></p>'


def replay(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Let each derivation be written again, with some of its lines left out."""
    from actgrad.derivations import DERIVATIONS, Task
    from actgrad.derivations import replay as replayed

    def again(task: Mapping[str, Any]) -> str:
        derivation = Task.from_dict(task).replayed
        assert derivation is not None
        steps = enumerate(replayed(derivation)["steps"], 1)
        blank = [number for number, step in steps if step["blank"]]
        return link(app, pagename, "Replay with lines blanked", task, blank)

    def named(anchor: str) -> str:
        name = anchor.replace("-", "_")
        return again({"derivation": name}) if name in DERIVATIONS else ""

    body = context.get("body", "")
    body = UNNAMED.sub(lambda found: again(json.loads(found[1])), body)
    context["body"] = NAMED.sub(lambda found: named(found[1]), body)


def setup(app: Sphinx) -> None:
    """Run when the page's body has been written."""
    app.connect("html-page-context", replay)
