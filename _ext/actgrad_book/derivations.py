"""A derivation is set like print: numbered lines on one grid, rules beside, the result boxed.

What `Derivation` displays as Markdown is a table and a fold below it. Here each line gets an
address, its rule says its sentence where one points at it, and a wide formula can break.
"""

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from actgrad.derivations import DERIVATIONS, rules

from .line_breaks import WIDE, pieces, width

logger = logging.getLogger(__name__)

HEADS = ("line", "left side", "step", "rule")
SENTENCES = {
    rule.name: rule.sentence for rule in (getattr(rules, name) for name in rules.__all__)
}
REPORT = re.compile(r'<details class="derivation-report" data-name="([\w-]*)">')
# Wider ones, in letters as they are seen, stand on a line of their own.
LEFT_SIDE = 7


class rule_name(nodes.strong):
    """A rule's name, which says its sentence where one points at it."""


def visit_rule_name(self: HTML5Translator, node: rule_name) -> None:
    attributes = {"tabindex": "0", "data-says": node["says"]}
    self.body.append(self.starttag(node, "strong", "", CLASS="rule-name", **attributes))


def depart_rule_name(self: HTML5Translator, node: rule_name) -> None:
    self.body.append("</strong>")


def in_pieces(latex: str) -> list[nodes.Node]:
    """Return a displayed formula whose line may break between its pieces and nowhere else."""
    shown: list[nodes.Node] = []
    for piece in pieces(latex):
        shown += [nodes.Text("\u200b")] if shown else []
        shown.append(nodes.math("", rf"\displaystyle {piece}"))
    return shown


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Set every table whose columns are a derivation's."""
    names: list[str] = []
    for table in list(doctree.findall(nodes.table)):
        head, *lines = table.findall(nodes.row)
        if tuple(entry.astext().lower() for entry in head) == HEADS:
            name = _name_of(table)
            names.append(name if name not in names else "")
            _set(table, head, lines, names[-1] or f"derivation-{len(names)}")
    places = {line for row in doctree.findall(nodes.row) for line in row["ids"]}
    for fold in doctree.findall(nodes.raw):
        if "<summary>Not proved" in fold.astext():
            logger.warning("a derivation on this page is not proved", location=fold)
    for cited in doctree.findall(nodes.reference):
        if "derivation-cited" in cited["classes"] and cited["refid"] not in places:
            logger.warning("the line %s is not on this page", cited["refid"], location=cited)


def _name_of(table: nodes.table) -> str:
    """Return the name that the fold below the table carries."""
    rest = table.parent[table.parent.index(table) + 1 :]
    found = REPORT.search(rest[0].astext()) if rest else None
    return found[1] if found else ""


def _set(table: nodes.table, head: nodes.row, lines: list[nodes.row], name: str) -> None:
    table["classes"].append("derivation")
    *_, step, rule = head.findall(nodes.entry)
    head.remove(rule)
    step[:] = [nodes.paragraph("", "Step and rule")]
    for number, line in enumerate(lines, 1):
        _set_line(line, address(name, number))
    lines[-1]["classes"].append("derivation-result")
    group = next(table.findall(nodes.tgroup))
    columns = list(group.findall(nodes.colspec))
    group["cols"] = len(columns) - 1
    group.remove(columns[-1])


def address(name: str, number: int) -> str:
    """Return the address of a line on its page."""
    return f"{name}-{number}"


def _set_line(line: nodes.row, place: str) -> None:
    number, left, step, rule = line.findall(nodes.entry)
    line["ids"] = [place]
    link = nodes.reference("", number.astext(), refid=place, classes=["derivation-number"])
    number[:] = [nodes.paragraph("", "", link)]
    if width(left.astext()) > LEFT_SIDE:
        line["classes"].append("derivation-wide-left")
        for formula in list(left.findall(nodes.math)):
            latex = formula.astext().removeprefix(r"\displaystyle").strip()
            formula.parent.replace(formula, in_pieces(latex))
    for formula in list(step.findall(nodes.math)):
        latex = formula.astext().removeprefix(r"\displaystyle").strip()
        latex = re.sub(r"^= \\boxed\{(.*)\}$", r"= \1", latex)
        formula.parent.replace(formula, in_pieces(latex))
    for strong in list(rule.findall(nodes.strong)):
        said = SENTENCES[strong.astext()]
        strong.parent.replace(strong, rule_name("", strong.astext(), says=said))
    for text in list(rule.findall(nodes.Text)):  # the rule and its note stand apart
        if text.startswith(": "):
            text.parent.replace(text, nodes.Text(text[2:]))
    line.remove(rule)
    shown = nodes.container("", *step.children, classes=["derivation-step"])
    reason = nodes.container("", *rule.children, classes=["derivation-rule"])
    step.clear()
    step += nodes.container("", shown, reason, classes=["derivation-line"])


def cite_line(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Inliner,
    options: dict[str, Any] | None = None,
    content: list[str] | None = None,
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return ``{line}`name: formula``` as a link to that line, by the number it has today."""
    name_of, _, formula = text.partition(":")
    try:
        derivation = DERIVATIONS[name_of.strip()]()
        number = derivation.number_of(formula.strip())
    except (KeyError, ValueError) as error:
        message = inliner.reporter.error(f"{rawtext}: {error}", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    place = address(derivation.anchor, number)
    return [nodes.reference("", f"({number})", refid=place, classes=["derivation-cited"])], []


def break_displays(app: Sphinx, doctree: nodes.document) -> None:
    """Let the long displayed formulas of the atlas break; those of chapters are set by hand."""
    if app.env.docname.startswith("atlas/"):
        for display in list(doctree.findall(nodes.math_block)):
            if width(display.astext()) > WIDE:
                formula = nodes.paragraph("", "", *in_pieces(display.astext()))
                display.replace_self(nodes.container("", formula, classes=["long-formula"]))


def setup(app: Sphinx) -> None:
    """Mark the tables once the page is read."""
    app.add_node(rule_name, html=(visit_rule_name, depart_rule_name))
    app.add_role("line", cite_line)
    app.connect("doctree-read", mark)
    app.connect("doctree-read", break_displays)
