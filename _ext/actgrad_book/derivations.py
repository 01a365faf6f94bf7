"""Tables that show a derivation have a style of their own, and rules where there is room.

Each line's rule moves into the cell of its formula, beside it where both fit, else below it.
"""

from docutils import nodes
from sphinx.application import Sphinx

# The last two columns' heads in what `Derivation` displays as Markdown.
HEADS = ("step", "rule")


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Add the class ``derivation`` to every table whose columns are a derivation's."""
    for table in list(doctree.findall(nodes.table)):
        head, *lines = table.findall(nodes.row)
        if tuple(entry.astext().lower() for entry in head[-2:]) == HEADS:
            table["classes"].append("derivation")
            _join_last_columns(table, head, lines)


def _take_rule(row: nodes.row) -> tuple[nodes.entry, nodes.entry]:
    """Return the entries of the step and of its rule; the latter leaves the row."""
    *_, step, rule = row.findall(nodes.entry)
    row.remove(rule)
    return step, rule


def _join_last_columns(table: nodes.table, head: nodes.row, lines: list[nodes.row]) -> None:
    step = _take_rule(head)[0]
    step[:] = [nodes.paragraph("", " and ".join(HEADS).capitalize())]
    for line in lines:
        step, rule = _take_rule(line)
        formula = nodes.container("", *step.children, classes=["derivation-step"])
        reason = nodes.container("", *rule.children, classes=["derivation-rule"])
        step.clear()
        step += nodes.container("", formula, reason, classes=["derivation-line"])
    group = next(table.findall(nodes.tgroup))
    columns = list(group.findall(nodes.colspec))
    group["cols"] = len(columns) - 1
    group.remove(columns[-1])


def setup(app: Sphinx) -> None:
    """Mark the tables once the page is read."""
    app.connect("doctree-read", mark)
