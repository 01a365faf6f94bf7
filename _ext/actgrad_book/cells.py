"""Code that makes tables and checks folds away; code that teaches faces its derivation.

A fold says what is inside. A line of code that faces a line of a derivation leads there, and
pointing at one lights the other.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# What a reader of the mathematics need not read: it shows, checks or counts.
PLUMBING = re.compile(r"\b(Table|Picture|Text|progress|recorded)\(|^assert |json\b|^for ", re.M)
LONGEST = 8
# What a cell is tagged with whose code is what its page is about.
TEACHES = "tag_teaches"

FACING = re.compile(
    r'(<div class="actgrad-facing" data-name="([\w-]+)"></div>.*?<pre>)(.*?)(</pre>)', re.S
)
TIED = re.compile(r'(\s*)(.*)<span class="c1"># (\((\d+)\))</span>')


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold the input of cells that teach nothing, and say what each fold holds."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code" or not cell.children:
            continue
        parts = (part for part in cell.children if isinstance(part, nodes.Element))
        shown = [part for part in parts if part.get("nb_element") == "cell_code_source"]
        code = "\n".join(part.astext() for part in shown)
        lines = sum(map(bool, map(str.strip, code.splitlines())))
        kept = cell.get("hide_mode") or TEACHES in cell["classes"]
        if shown and not kept and (PLUMBING.search(code) or lines > LONGEST):
            cell["hide_mode"] = "input"
        if cell.get("hide_mode"):
            cell["prompt_show"] = _prompt(cell, lines)
            cell["prompt_hide"] = "Hide it"


def _prompt(cell: nodes.container, lines: int) -> str:
    if cell["hide_mode"] == "output":
        steps = sum(
            len(list(table.findall(nodes.row))) - 1
            for table in cell.findall(nodes.table)
            if "derivation" in table["classes"]
        )
        return f"Show the {steps} steps" if steps else "Show the result"
    code = f"{lines} line{'s' * (lines != 1)} of code"
    return (
        f"Show the result and its {code}" if cell["hide_mode"] == "all" else f"Show the {code}"
    )


# The heads of the table of errata, which a phone shows as a list.
ERRATA = ("rank", "number", "kind", "where", "what is wrong", "what is right")


def mark_errata(app: Sphinx, doctree: nodes.document) -> None:
    """Give the table of errata its class."""
    for table in doctree.findall(nodes.table):
        head = next(table.findall(nodes.row))
        if tuple(entry.astext() for entry in head) == ERRATA:
            table["classes"].append("errata-table")


def face(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Make each line of code that faces one of a derivation a link to it."""
    rules: list[str] = []

    def link(name: str, code: str) -> str:
        lines = []
        for line in code.split("\n"):
            tied = TIED.fullmatch(line)
            if tied:
                space, text, label, number = tied.groups()
                place = f"{name}-{number}"
                one, other = f"#{place}", f'a[href="#{place}"]'
                rules.append(
                    f":root:has({other}:is(:hover,:focus)) {one}>td,"
                    f":root:has({one}:is(:hover,:focus-within)) .actgrad-face{other[1:]}"
                )
                line = (
                    f'{space}<a class="actgrad-face" href="#{place}">'
                    f'{text}<span class="c1"># {label}</span></a>'
                )
            lines.append(line)
        return "\n".join(lines)

    body = FACING.sub(lambda m: m[1] + link(m[2], m[3]) + m[4], context.get("body", ""))
    if rules:
        lit = "background:var(--pst-color-target)!important"
        style = f"<style>{','.join(dict.fromkeys(rules))}{{{lit}}}</style>"
        context["metatags"] = f"{context.get('metatags', '')}\n{style}"
    context["body"] = body


def setup(app: Sphinx) -> None:
    """Fold when derivations are marked, and link when the page is written."""
    app.connect("doctree-read", fold, priority=600)
    app.connect("doctree-read", mark_errata)
    app.connect("html-page-context", face, priority=650)
