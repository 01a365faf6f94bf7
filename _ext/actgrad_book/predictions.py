"""Predict, commit, reveal: what follows a question opens when the reader has chosen.

::

    ```{predict} name-of-it
    :right: 2
    The question?
    - a choice
    - the right one
    ```
    An explorer, and what was seen.
    ```{predicted}
    ```

What follows ends at ``{predicted}``, at the next question, or with the section. Without
JavaScript, in print and in a notebook all of it stands in order.
"""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

# Before the first paint, so that nothing is seen and then hidden.
LIVE = '<script>document.documentElement.classList.add("actgrad-predicts")</script>\n'


class prediction(nodes.General, nodes.Element):
    """A question and its choices."""


class outcome(nodes.General, nodes.Element):
    """What opens after the choice."""


class predicted(nodes.General, nodes.Element):
    """Where what opens ends."""


class Predict(SphinxDirective):
    """``{predict}``: a question, a list of choices and the number of the right one."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"right": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the question; what follows it is gathered when the page is read."""
        asked = prediction(id=self.arguments[0], right=self.options.get("right", 0))
        self.state.nested_parse(self.content, self.content_offset, asked)
        last = asked.children[-1] if asked.children else None
        listed = last.children if isinstance(last, nodes.bullet_list) else []
        choices = [item for item in listed if isinstance(item, nodes.list_item)]
        if not (len(choices) > 1 and 1 <= asked["right"] <= len(choices)):
            raise self.error(
                "a prediction ends with a list of choices; the option right is the number of "
                f"one of them, of 1 to {len(choices)}"
            )
        for choice in choices:
            choice["classes"].append("prediction-item")
            for text in choice.findall(nodes.paragraph):
                text["classes"].append("prediction-text")
        first = asked.next_node(nodes.paragraph)
        if first is not None:
            first.insert(0, [nodes.strong("", "Predict first."), nodes.Text(" ")])
        return [asked]


class Predicted(SphinxDirective):
    """``{predicted}``: here ends what opens after a choice."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, which is taken out when the page is read."""
        return [predicted()]


def gather(app: Sphinx, doctree: nodes.document) -> None:
    """Put what follows a question into what opens after it."""
    for asked in list(doctree.findall(prediction)):
        parent, opens = asked.parent, outcome()
        start = parent.index(asked) + 1
        for node in parent.children[start:]:
            if isinstance(node, (predicted, prediction, nodes.section)):
                break
            parent.remove(node)
            opens += node
        parent.insert(start, opens)
    for mark in list(doctree.findall(predicted)):
        mark.parent.remove(mark)


def visit_prediction(self: HTML5Translator, node: prediction) -> None:
    attributes = f'data-prediction="{node["id"]}" data-right="{node["right"]}"'
    self.body.append(f'{LIVE}<div class="prediction" {attributes}>\n')


def depart_prediction(self: HTML5Translator, node: prediction) -> None:
    self.body.append('<p class="prediction-said" role="status"></p>\n</div>\n')


def visit_outcome(self: HTML5Translator, node: outcome) -> None:
    self.body.append('<div class="prediction-outcome">\n')


def depart_outcome(self: HTML5Translator, node: outcome) -> None:
    self.body.append("</div>\n")


def through(self: nodes.NodeVisitor, node: nodes.Node) -> None:
    """Write the contents alone, where nothing moves."""


def setup(app: Sphinx) -> None:
    """Add the directives; what follows a question is gathered once the page is read."""
    plain = (through, through)
    app.add_node(
        prediction, html=(visit_prediction, depart_prediction), latex=plain, text=plain
    )
    app.add_node(outcome, html=(visit_outcome, depart_outcome), latex=plain, text=plain)
    app.add_node(predicted)
    app.add_directive("predict", Predict)
    app.add_directive("predicted", Predicted)
    app.connect("doctree-read", gather)
