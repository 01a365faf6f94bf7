"""A derivation is set like print: numbered lines on one grid, rules beside, the result boxed.

What `Derivation` displays as Markdown is a table and a fold below it. Here each line gets an
address, its rule says its sentence where one points at it, and a wide formula can break.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from actgrad.derivations import DERIVATIONS, rules

logger = logging.getLogger(__name__)

HEADS = ("line", "left side", "step", "rule")
SENTENCES = {
    rule.name: rule.sentence for rule in (getattr(rules, name) for name in rules.__all__)
}
REPORT = re.compile(r'<details class="derivation-report" data-name="([\w-]*)">')
# Wider ones, in letters as they are seen, stand on a line of their own.
LEFT_SIDE = 8
WIDE = 24


class rule_name(nodes.strong):
    """A rule's name, which says its sentence where one points at it."""


def visit_rule_name(self: HTML5Translator, node: rule_name) -> None:
    attributes = {"tabindex": "0", "data-says": node["says"]}
    self.body.append(self.starttag(node, "strong", "", CLASS="rule-name", **attributes))


def depart_rule_name(self: HTML5Translator, node: rule_name) -> None:
    self.body.append("</strong>")


def width(latex: str) -> int:
    """Return about how many letters wide a formula is; of a fraction its wider part counts."""
    text = re.sub(
        r"\\(textcolor|begin|end|substack)\{[^{}]*\}|\\(displaystyle|left|right)\b", "", latex
    )
    text = re.sub(r"\\(?:operatorname|mathrm|text)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\(?!frac\b)[a-zA-Z]+", "o", text)
    part = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
    fraction = re.compile(rf"\\frac\s*{part}\s*{part}")
    while found := fraction.search(text):
        text = text[: found.start()] + max(found.groups(), key=len) + text[found.end() :]
    return len(re.sub(r"[{}_^\s\\]", "", text))


TOKEN = re.compile(r"\\(?:left|right)\\?[a-zA-Z]*[^a-zA-Z]?|\\[a-zA-Z]+|\\.|.", re.S)
OPERATOR = re.compile(r" (?:[+-] |\\cdot |\\textcolor\{#\w+\}\{\{\}[+-] )")
OPENING = re.compile(r"\\textcolor\{#\w+\}\{|\\left\(")


def _outer_operators(latex: str) -> Iterator[int]:
    """Yield where an operator stands that is inside of no bracket, brace or environment."""
    depth = 0
    for token in TOKEN.finditer(latex):
        shown = token[0]
        if shown in "{}":
            depth += 1 if shown == "{" else -1
        elif shown.startswith((r"\left", r"\begin")) and not shown.startswith(r"\leftarrow"):
            depth += 1
        elif shown.startswith((r"\right", r"\end")) and not shown.startswith(r"\rightarrow"):
            depth -= 1
        elif not depth and OPERATOR.match(latex, token.start()):
            yield token.start()


def pieces(latex: str) -> list[str]:
    """Return a formula in the pieces between which a line may break: an operator leads each."""
    if width(latex) <= WIDE:
        return [latex]
    ends = [0, *_outer_operators(latex), len(latex)]
    parts = [latex[a:b].strip() for a, b in itertools.pairwise(ends) if a < b]
    return [piece for part in parts for piece in _within(part)]


def _within(part: str) -> list[str]:
    """Break a wide bracket, and what is coloured, at the operators inside."""
    outer = (
        found
        for found in OPENING.finditer(part)
        if part.count("{", 0, found.start()) == part.count("}", 0, found.start())
    )
    opening = next(outer, None)
    if opening is None or width(part) <= WIDE:
        return [_leading(part)]
    bracket = opening[0].startswith(r"\left")
    signs, depth = re.compile(r"\\(?:left|right)\b" if bracket else r"[{}]"), 1
    for sign in signs.finditer(part, opening.end()):
        depth += 1 if sign[0] in (r"\left", "{") else -1
        if not depth:
            break
    before, inside = part[: opening.start()], part[opening.end() : sign.start()]
    inner = pieces(inside)
    if len(inner) == 1:
        return [_leading(part)]
    if bracket:
        tall = rf"\vphantom{{{inside}}}"
        first, *middle, last = (f" {piece} {tall} " for piece in inner)
        inner = [
            rf"\left({first}\right.",
            *(rf"\left.{piece}\right." for piece in middle),
            rf"\left.{last}\right",
        ]
    else:
        inner = [f"{opening[0]}{piece}}}" for piece in inner]
    inner[0], inner[-1] = _leading(before + inner[0]), inner[-1] + part[sign.end() :]
    return inner


def _leading(piece: str) -> str:
    """Let a piece begin with an operator between two terms, not with a sign."""
    return "{}" + piece if re.match(r"[+-] |\\cdot ", piece) else piece


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
    for formula in list(step.findall(nodes.math)):
        latex = formula.astext().removeprefix(r"\displaystyle").strip()
        latex = re.sub(r"^= \\boxed\{(.*)\}$", r"= \1", latex)
        shown: list[nodes.Node] = []
        for piece in pieces(latex):
            # A break is allowed here and nowhere else.
            shown += [nodes.Text("\u200b")] if shown else []
            shown.append(nodes.math("", rf"\displaystyle {piece}"))
        formula.parent.replace(formula, shown)
    for strong in list(rule.findall(nodes.strong)):
        said = SENTENCES[strong.astext()]
        strong.parent.replace(strong, rule_name("", strong.astext(), says=said))
    rule.walk(_Colon(rule.document))
    line.remove(rule)
    formula = nodes.container("", *step.children, classes=["derivation-step"])
    reason = nodes.container("", *rule.children, classes=["derivation-rule"])
    step.clear()
    step += nodes.container("", formula, reason, classes=["derivation-line"])


class _Colon(nodes.SparseNodeVisitor):
    """Takes the colon between a rule and its note, which stand apart."""

    def visit_Text(self, node: nodes.Text) -> None:
        if node.startswith(": "):
            node.parent.replace(node, nodes.Text(node[2:]))


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


def setup(app: Sphinx) -> None:
    """Mark the tables once the page is read."""
    app.add_node(rule_name, html=(visit_rule_name, depart_rule_name))
    app.add_role("line", cite_line)
    app.connect("doctree-read", mark)
