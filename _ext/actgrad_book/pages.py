"""Templates, static files and descriptions of the pages."""

import re
import unicodedata
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent

# What a command of LaTeX is in plain text, besides the Greek letters.
SIGNS = {
    **{name: f"{name} " for name in ("cos", "cosh", "exp", "ln", "log", "max", "min")},
    **{name: f"{name} " for name in ("sin", "sinh", "tan", "tanh")},
    **{"cdot": "·", "ge": "≥ ", "infty": "∞", "le": "≤ ", "ne": "≠ ", "odot": "⊙ "},
    **{"partial": "∂", "times": "× ", "to": "→ "},
}


def _grouped(latex: str) -> str:
    """Put brackets around what is more than one sign, a name or a number."""
    return latex if re.fullmatch(r"√?\\?\w+", latex.strip()) else f"({latex.strip()})"


def plain_formula(latex: str) -> str:
    """Return a formula for plain text, as descriptions need it: Greek letters, no commands."""

    def letter(match: re.Match[str]) -> str:
        try:
            return unicodedata.lookup(f"GREEK SMALL LETTER {match[1]}")
        except KeyError:
            return SIGNS.get(match[1], "")

    text, count = re.sub(r"\\[dt]?frac\s*(\d)\s*(\d)", r"\1/\2", latex), 1
    text = re.sub(r"\\textcolor\{[^{}]*\}|\\(begin|end)\{\w+\*?\}(\{[lcr]+\})?", "", text)
    text = re.sub(r"\s*\\\\(?:\[\w+\])?\s*", "; ", text)  # rows stand beside each other
    text = re.sub(r"\s*&\s*", ", " if r"\begin{cases}" in latex else " ", text)
    while count:  # innermost first: exponents and roots, then the fractions that hold them
        text, powers = re.subn(r"\^\{([^{}]*)\}", lambda found: f"^{_grouped(found[1])}", text)
        text, roots = re.subn(
            r"\\sqrt\s*(?:\{([^{}]*)\}|(\w))",
            lambda found: f"√{_grouped(found[1] or found[2])}",
            text,
        )
        text, fractions = re.subn(
            r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}",
            lambda found: f"{_grouped(found[1])}/{_grouped(found[2])}",
            text,
        )
        text, groups = re.subn(r"(?<![\w^}])\{([^{}]*)\}", r"\1", text)
        count = powers + roots + fractions + groups
    text = re.sub(r"\\([a-zA-Z]+)\s*", letter, text).replace("\\,", " ")
    text = re.sub(r"[{}\\]", "", text).replace("-", "−").replace("'", "′")
    return " ".join(text.split())


def describe(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Turn the formulas of the page's tree into text before its description is taken from it.

    The page's body has been written by now.
    """
    if doctree:
        for formula in list(doctree.findall(nodes.math)):
            formula.parent.replace(formula, nodes.Text(plain_formula(formula.astext())))


# Without effect: tokens in the text's own colour, or nearly; words that have no place to break
# at; the one paragraph of a cell or of a rule; classes of docutils that nothing asks for.
IDLE = (
    (re.compile(r'<span class="pre">([\w.,()=:+*/]*)</span>'), r"\1"),
    (re.compile(r'<span class="(?:n|o|p|w|nn|sig-paren|colon)">([^<]*)</span>'), r"\1"),
    (
        re.compile(r"(<t[dh]\b[^>]*>)<p>((?:(?!</?p\b|<t[dh]\b).)*)</p>\s*(?=</t[dh]>)", re.S),
        r"\1\2",
    ),
    (re.compile(r'(?<=class="derivation-)(line|step|rule) docutils container'), r"\1"),
    (
        re.compile(
            r'(<div class="derivation-rule">)\s*<p>((?:(?!</?p\b).)*)</p>\s*(?=</div>)', re.S
        ),
        r"\1\2",
    ),
    (re.compile(r'(?<=<tr) class="row-(?:odd|even)"|(?<=<td) class="text-left"'), ""),
)


def _rounded(attribute: re.Match[str]) -> str:
    """Return an attribute that says places to a tenth of a point; words keep their digits."""
    return re.sub(r"-?\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", attribute[0])


PICTURE = re.compile(r'<svg\b(?:(?!</svg>).)*?<g id="figure_1">.*?</svg>', re.S)
# Of a picture by matplotlib: what says nothing, says it again, or says it too exactly.
WORDY = (
    # Lines' joins and ends, for every element of the page that the picture stands in.
    (re.compile(r"<defs>\s*<style\b.*?</style>\s*</defs>", re.S), ""),
    (re.compile(r' (?:d|x|y|x1|x2|y1|y2|transform)="[^"]*"'), _rounded),
    (re.compile(r"font-family: [^;\"]*(?:; )?"), ""),
    (re.compile(r' transform="rotate\(-?0 [^)]*\)"'), ""),
    (re.compile(r'<path d="[^"]*" style="fill: none"/>'), ""),
    (re.compile(r"(?<=>)\s+(?=<)|(?<=\")\s+(?=/>)"), ""),
    (re.compile(r"\s*\n\s*(?=[A-Zz\"])"), ""),
    (re.compile(r"(?<=[MLCQ]) "), ""),
    (re.compile(r'(?<=style=")[^"]*'), lambda style: re.sub("(?<=[:;]) ", "", style[0])),
)
GROUP = re.compile(r"<g>((?:(?!</?g\b).)*)</g>", re.S)


def lighter_picture(found: re.Match[str]) -> str:
    """Return a picture by matplotlib that looks the same, in half of the bytes."""
    picture = found[0]
    for pattern, kept in WORDY:
        picture = pattern.sub(kept, picture)
    asked = set(re.findall(r"#([\w.]+)", picture))
    picture = re.sub(
        r' id="([^"]*)"', lambda name: name[0] if name[1] in asked else "", picture
    )
    count = 1
    while count:
        picture, count = GROUP.subn(r"\1", picture)
    look = 'font-family="sans-serif" stroke-linejoin="round"'
    return picture.replace("<svg", f"<svg {look}", 1)


def lighten(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Leave out what changes nothing: a third of a page of code, of tables or of pictures."""
    context["body"] = PICTURE.sub(lighter_picture, context.get("body", ""))
    for pattern, kept in IDLE:
        context["body"] = pattern.sub(kept, context["body"])


def link_cards(app: Sphinx, config: Config) -> None:
    """Give links their preview pictures once the site's address is known: both are absolute."""
    config.ogp_site_url = config.html_baseurl
    if not config.html_baseurl:
        config.ogp_social_cards = {"enable": False}


def drop_relative_address(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Drop the page's own address where it is relative: no crawler can follow it."""
    if not app.config.html_baseurl:
        tags = context.get("metatags", "")
        context["metatags"] = re.sub(r'<meta property="og:url"[^>]*>\s*', "", tags)


def add_paths(app: Sphinx, config: Config) -> None:
    """Put the extension's templates and static files before the theme's."""
    config.templates_path.append(str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def silence_thebe(app: Sphinx, config: Config) -> None:
    """Disconnect sphinx-thebe, which Jupyter Book always loads and which no page here uses.

    It writes a kernel's address and its scripts into every page, twice.
    """
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("config-inited", add_paths)
    app.connect("config-inited", silence_thebe)
    app.connect("config-inited", link_cards)
    app.connect("html-page-context", describe, priority=400)
    app.connect("html-page-context", lighten, priority=850)
    app.connect("html-page-context", drop_relative_address, priority=900)
    app.add_css_file("book.css")
