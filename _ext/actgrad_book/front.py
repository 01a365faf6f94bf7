"""The front page's cards of all chapters, and the picture that a link to the book shows."""

import html
import io
from collections.abc import Iterator
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

PICTURE = "_static/card.png"
SAYS = "The sigmoid's curve with its tangent at one point, and the title of the book."
# Where the tangent of the picture touches.
TOUCHES = 0.8


class chapter_cards(nodes.General, nodes.Element):
    """Stands where the cards will."""


class ChapterCards(SphinxDirective):
    """``{chapter-cards}``: a card for every chapter of the table of contents."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the cards: titles are known when all pages are read."""
        return [chapter_cards()]


def parts(app: Sphinx) -> Iterator[tuple[str, list[str]]]:
    """Yield the captions and chapters of the parts; the atlas's pages are not named."""
    contents = Path(app.srcdir) / app.config.external_toc_path
    for part in yaml.safe_load(contents.read_text(encoding="utf-8")).get("parts", []):
        found = [entry["file"] for entry in part["chapters"]]
        yield part.get("caption", ""), [name for name in found if name in app.env.titles]


def sign_of(shown: str) -> str:
    """Return what a card shows: f and f' of the function that is named, or the words."""
    from actgrad.derivations.functions import ACTIVATIONS

    from .atlas_gallery import UNIT, X, Y, card

    if shown not in ACTIVATIONS:
        return f"<span>{html.escape(shown)}</span>" if shown else ""
    width, height = (round((end - start) * UNIT) for start, end in (X, Y))
    f, df = card(ACTIVATIONS[shown], "").paths
    axes = f"M{round(-X[0] * UNIT)} 0v{height}M0 {round(Y[1] * UNIT)}h{width}"
    return (
        f'<svg viewBox="0 0 {width} {height}" aria-hidden="true">'
        f'<path class="axes" d="{axes}"/>'
        f'<path class="df" d="{df}"/><path class="f" d="{f}"/></svg>'
    )


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the cards in their place."""
    for place in list(doctree.findall(chapter_cards)):
        shown = "".join(_part(app, docname, *part) for part in parts(app))
        place.replace_self(nodes.raw("", shown, format="html"))


def _part(app: Sphinx, docname: str, caption: str, names: list[str]) -> str:
    if not names:
        return ""
    cards = "".join(_card(app, docname, name) for name in names)
    return f'<h3>{html.escape(caption)}</h3>\n<ul class="chapter-cards">{cards}</ul>\n'


def _card(app: Sphinx, docname: str, name: str) -> str:
    sign = sign_of(app.env.metadata[name].get("card", ""))
    title = html.escape(app.env.titles[name].astext())
    address = app.builder.get_relative_uri(docname, name)
    stem = name.rpartition("/")[2]
    return f'<li><a href="{address}" data-chapter="{stem}">{sign}<b>{title}</b></a></li>'


def picture(title: str) -> bytes:
    """Return a PNG of 1200 by 630 pixels: a curve, its tangent, the title."""
    import numpy as np
    from matplotlib.figure import Figure

    from actgrad.activations import Sigmoid
    from actgrad.notebook import line

    f, x = Sigmoid(), np.linspace(-5, 5, 400)
    y, slope = float(f(TOUCHES)), float(f.gradient(TOUCHES))
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor="white")
    axes = figure.add_axes((0.04, 0.08, 0.92, 0.6))
    axes.plot(x, f(x), **{**line("function"), "linewidth": 5})
    near = np.array([TOUCHES - 2.2, TOUCHES + 2.2])
    tangent = {**line("derivative"), "linewidth": 4, "linestyle": "-"}
    axes.plot(near, y + slope * (near - TOUCHES), **tangent)
    axes.plot([TOUCHES], [y], "o", color="black", markersize=14)
    axes.set_axis_off()
    figure.text(0.05, 0.82, title, fontsize=33, fontweight="bold", color="#1a1a1a")
    words = "derived line by line, proved by machine, moved by you"
    figure.text(0.05, 0.73, words, fontsize=24, color="#444444")
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def name_picture(app: Sphinx, config: Config) -> None:
    """Name the picture once the site's address is known: its own must be absolute."""
    if config.html_baseurl:
        config.ogp_image, config.ogp_image_alt = PICTURE, SAYS


def draw_picture(app: Sphinx, exception: Exception | None) -> None:
    """Write the picture beside the other static files, if pages name it."""
    if not exception and app.builder.format == "html" and app.config.html_baseurl:
        (Path(app.outdir) / PICTURE).write_bytes(picture(app.config.project))


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.add_node(chapter_cards)
    app.add_directive("chapter-cards", ChapterCards)
    app.connect("doctree-resolved", replace)
    app.connect("config-inited", name_picture)
    app.connect("build-finished", draw_picture)
