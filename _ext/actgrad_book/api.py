"""The API pages' entries of the activations and the derivations: one for each, none typed."""

import inspect
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from actgrad import activations
from actgrad.derivations import DERIVATIONS


def classes() -> list[str]:
    """Return the names of the classes that can be called, in alphabetical order."""
    found = {name: getattr(activations, name) for name in activations.__all__}
    return sorted(
        name
        for name, cls in found.items()
        if cls.__name__ == name and not inspect.isabstract(cls)
    )


class ActivationClasses(SphinxDirective):
    """``.. activation-classes::``, the documentation of every class."""

    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return what one ``autoclass`` for each class gives."""
        lines: list[str] = []
        for name in classes():
            lines.append(f".. autoclass:: {name}")
            if "__call__" in vars(getattr(activations, name)):  # a contract of its own
                lines += ["   :members:", "   :special-members: __call__"]
            lines.append("")
        place = nodes.Element()
        text = StringList(lines, source=self.get_source_info()[0])
        self.state.nested_parse(text, self.content_offset, place)
        return place.children


class DerivationTable(SphinxDirective):
    """``.. derivation-table::``, a row for every derivation: name, title, source."""

    def run(self) -> list[nodes.Node]:
        """Return the table; each name can be referred to as a function."""
        rows = [
            "   * - name",
            "     - what it derives",
            "     - where it comes from",
        ]
        for name, make in DERIVATIONS.items():
            made = make()
            rows += [f"   * - ``{name}()``", f"     - {made.title}", f"     - {made.source}"]
        lines = [".. list-table::", "   :header-rows: 1", "", *rows, ""]
        place = nodes.Element()
        text = StringList(lines, source=self.get_source_info()[0])
        self.state.nested_parse(text, self.content_offset, place)
        python = self.env.get_domain("py")
        for row in list(place.findall(nodes.row))[1:]:
            name = row.astext().partition("(")[0]
            row["ids"].append(f"actgrad.derivations.{name}")
            full = f"actgrad.derivations.{name}"
            python.note_object(full, "function", full, location=row)  # type: ignore[attr-defined]
        return place.children


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("activation-classes", ActivationClasses)
    app.add_directive("derivation-table", DerivationTable)
