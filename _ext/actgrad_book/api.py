"""The API page's entries of the activations: one for each class, none typed."""

import inspect
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from actgrad import activations


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


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("activation-classes", ActivationClasses)
