"""What surrounds the exercises of a page: how many are solved, and how a notebook installs.

What a reader has solved is kept in the browser alone; without JavaScript a page says how many
exercises it has.
"""

import hashlib
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from actgrad.atlas import _javascript

HERE = Path(__file__).parent
PACKAGE = Path(_javascript.__file__).parents[1] / "exercises"
SCRIPT = "exercises.js"
CARD = re.compile(r'data-exercise="([\w-]+)"')
WHOLE = 'data-exercises="all"'


def script() -> str:
    """Return the script of pages with exercises or predictions, which `bundle` writes."""

    def read(name: str) -> str:
        path = next(folder / name for folder in (HERE, PACKAGE) if (folder / name).is_file())
        return path.read_text(encoding="utf-8")

    return _javascript.module_text("exercises", read)


def surround(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Say at the top of a page how many exercises it has, and on the first of all."""
    body = context.get("body", "")
    cards = CARD.findall(body)
    if not (cards or WHOLE in body or 'class="prediction"' in body):
        return
    if cards:
        count = f"{len(cards)} exercise{'s' * (len(cards) > 1)}"
        link = f'<a href="#exercise-{cards[0]}">{count}</a>'
        line = f'<p class="exercise-progress" data-exercises="{" ".join(cards)}">'
        body = body.replace("</h1>", f"</h1>\n{line}<span></span>{link}</p>", 1)
    if WHOLE in body:
        from actgrad.exercises import EXERCISES

        ids = [item.id for item in EXERCISES.values() if item.chapter != "atlas"]
        body = body.replace(WHOLE, f'data-whole="yes" data-exercises="{" ".join(ids)}"')
    if cards:
        body += f'<script type="text/plain" id="actgrad-install">{install(app)}</script>\n'
    address = relative_uri(app.builder.get_target_uri(pagename), f"_static/{SCRIPT}")
    digest = hashlib.sha256(script().encode()).hexdigest()[:8]
    context["body"] = f'{body}<script defer src="{address}?v={digest}"></script>\n'


def install(app: Sphinx) -> str:
    """Return the cell that installs the package, as the notebooks of the book have it."""
    wheel = f"actgrad-{version('actgrad')}-py3-none-any.whl"
    site = app.config.html_baseurl
    what = f"actgrad @ {site.rstrip('/')}/notebooks/{wheel}" if site else f"./{wheel}"
    where = "the site of this book" if site else "the file beside the book's notebooks"
    note = f"# Installs from {where}; where the package is installed, nothing changes."
    return f'{note}\n%pip install --quiet --disable-pip-version-check "{what}"'


def setup(app: Sphinx) -> None:
    """Run when the page's body has been written."""
    app.connect("html-page-context", surround, priority=700)
