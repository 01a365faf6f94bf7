"""The lab's page: its form and scripts, and the files that its first question loads."""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from .assets import fetch
from .lab_pack import EXAMPLES, HERE, parts
from .mathematics import WRAPPER

PACKAGE = Path(__file__).parents[2] / "actgrad"
FOLDER = "_static/lab"


class lab(nodes.General, nodes.Element):
    """The place of the lab in a page."""


class Lab(SphinxDirective):
    """``{lab}``: the lab stands here."""

    def run(self) -> list[nodes.Node]:
        """Return the lab's place; what stands there is known once the files are packed."""
        return [lab()]


class LabContents(SphinxDirective):
    """``{lab-contents}``: a table of what others have written, with version and licence."""

    def run(self) -> list[nodes.Node]:
        """Return the table, from what the packages say of themselves."""
        table = nodes.table(classes=["table"])
        group = nodes.tgroup(cols=4)
        group += [nodes.colspec(colwidth=width) for width in (2, 1, 2, 4)]
        rows = [_row(HEADS), *map(_row, contents())]
        group += nodes.thead("", rows[0])
        group += nodes.tbody("", *rows[1:])
        table += group
        return [table]


HEADS = ("work", "version", "licence", "source")


def _row(cells: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in cells))


def contents() -> list[tuple[str, str, str, str]]:
    """Return name, version, licence and source of each work of others in the site's scripts."""
    modules, found = fetch(), []
    for name in ("pyodide", "fzstd", "katex", "minisearch", "@fontsource/stix-two-math"):
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        home = about["repository"]
        address = home["url"] if isinstance(home, dict) else home
        address = re.sub(r"^(git\+|github:)|\.git$", "", address)
        found.append((name, about["version"], about["license"], address))
    lock = json.loads((modules / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    python = lock["info"]["python"]
    found.append(("Python", python, "PSF-2.0", "https://github.com/python/cpython"))
    for name in ("sympy", "mpmath"):
        about = dict(metadata(name).items())  # type: ignore[attr-defined]
        licence = about.get("License-Expression") or about["License"]
        found.append((name, about["Version"], licence, about["Home-page"]))
    return found


def _read(name: str) -> str:
    """Return a script of the lab, of the explorers or of the language, without comments."""
    from actgrad.atlas import _javascript

    folders = (HERE, PACKAGE / "explorers")
    path = next((path for f in folders if (path := f / name).is_file()), None)
    text = path.read_text(encoding="utf-8") if path else _javascript.source(name)
    return re.sub(r"(?m)^\s*(?://.*|/\*\*(?:.|\n)*?\*/)\n|^ +", "", text)


def scripts() -> dict[str, str]:
    """Return the page's two scripts: what it starts with, and what a reader's text needs.

    Classic scripts, each in a scope of its own: a page opened from disk can load no others.
    """
    from actgrad.atlas._javascript import module_text
    from actgrad.explorers import _palette

    tools = module_text("tools", _read).replace("export default", "window.labTools =")
    style = _palette.css() + (PACKAGE / "explorers" / "explorer.css").read_text("utf-8")
    tools += (
        f"const style = document.createElement('style');\nstyle.textContent = "
        f"{json.dumps(style)};\ndocument.head.append(style);\n"
    )
    texts = {"lab": module_text("lab", _read), "tools": tools}
    return {name: f'(() => {{"use strict";\n{text}}})();\n' for name, text in texts.items()}


def files() -> dict[str, bytes]:
    """Return every file of the lab by the name that its content gives it."""
    paths = (path for folder in parts() for path in sorted(folder.iterdir()))
    found = {path.name: path.read_bytes() for path in paths}
    found |= {f"{name}.js": text.encode() for name, text in scripts().items()}
    katex = (fetch() / "katex" / "dist" / "katex.min.js").read_text(encoding="utf-8")
    wrapper = WRAPPER.read_text(encoding="utf-8")
    found["katex.js"] = f"{katex}\n{wrapper}".encode()
    named = {}
    for name, data in found.items():
        stem, _, suffix = name.partition(".")
        named[f"{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"] = data
    return named


def markup(folder: str, given: dict[str, bytes]) -> str:
    """Return the lab's HTML for a page from which its files are in this folder."""
    from actgrad.atlas import DEFINITIONS

    names = {name.partition("-")[0]: name for name in given}
    size = sum(len(data) for name, data in given.items() if name.endswith(".bin"))
    examples = "".join(
        f'<button type="button" class="lab-example">{html.escape(text)}</button>'
        for text in EXAMPLES[1:]
    )
    options = "".join(
        f'<option value="{html.escape(record.formula)}">{html.escape(record.title)}</option>'
        for record in DEFINITIONS.values()
        if record.kind == "element-wise"
    )
    return (
        (HERE / "lab.html")
        .read_text(encoding="utf-8")
        .format(
            names=html.escape(json.dumps(names)),
            examples=examples,
            options=options,
            first=html.escape(EXAMPLES[0]),
            size=f"{size / 1e6:.1f}",
            style=(HERE / "lab.css").read_text(encoding="utf-8"),
            folder=folder,
            script=names["lab"],
        )
    )


def fragment(task: Mapping[str, Any], blank: Iterable[int] = ()) -> str:
    """Return the end of the lab's address that opens the proof editor: ``#prove=...``.

    This is all that an address may say: ``f`` is a function as it was typed and ``by`` its
    variable, which the lab derives; with ``prove``, a task is to be proved instead, JSON of
    what `actgrad.derivations.Task.to_dict` writes, ``{"derivation": "sigmoid_vjp"}`` for one.
    ``blank`` are the numbers of the lines that are to be written where a derivation is
    replayed, such as ``2,4``; without it all are.

    Examples
    --------
    >>> fragment({"derivation": "sigmoid_vjp"}, [2, 4])
    '#prove=%7B%22derivation%22%3A%22sigmoid_vjp%22%7D&blank=2,4'
    """
    given = {name: value for name, value in task.items() if value not in ("", [], {})}
    text = "#prove=" + quote(json.dumps(given, separators=(",", ":"), ensure_ascii=False), "")
    numbers = ",".join(map(str, blank))
    return f"{text}&blank={numbers}" if numbers else text


def visit(self: HTML5Translator, node: lab) -> None:
    """Write the lab into the page, and its files beside the other static ones."""
    given = files()
    target = Path(self.builder.outdir) / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    for old in {path.name for path in target.iterdir()} - set(given):
        (target / old).unlink()
    for name, data in given.items():
        (target / name).write_bytes(data)
    page = self.builder.get_target_uri(self.builder.current_docname)
    self.body.append(markup(relative_uri(page, FOLDER), given))
    raise nodes.SkipNode


def skip(self: nodes.NodeVisitor, node: lab) -> None:
    """Leave the lab out where nothing moves."""
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Add the directive; the files are packed when a page that has it is written."""
    app.add_node(lab, html=(visit, None), latex=(skip, None), text=(skip, None))
    app.add_directive("lab", Lab)
    app.add_directive("lab-contents", LabContents)
