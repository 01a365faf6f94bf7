"""The base of the explorers: an anywidget put together from files, with a still picture."""

import difflib
import re
from importlib import resources
from typing import Any, ClassVar

import anywidget
import traitlets
from matplotlib.figure import Figure

from actgrad.atlas import _javascript
from actgrad.explorers import _palette
from actgrad.explorers._javascript import functions_module
from actgrad.notebook import svg

_FILES = resources.files(__package__)


def read(name: str) -> str:
    """Return a file of this folder or of the atlas; ``functions.js`` is generated."""
    if name == "functions.js":
        return functions_module()
    if name == "special.js":
        return _without_comments(_javascript.source(name))
    return _without_comments((_FILES / name).read_text(encoding="utf-8"))


def _without_comments(text: str) -> str:
    """Return the text without what is for who reads the file, not for who loads a page."""
    return re.sub(r"(?m)^\s*(?://.*|/\*\*(?:.|\n)*?\*/)\n|^ +", "", text)


def module_text(stem: str) -> str:
    """Return the self-contained module of an explorer."""
    return _javascript.module_text(stem, read)


def style_text(stem: str) -> str:
    """Return the palette, the shared style and the explorer's own."""
    return _palette.css() + read("explorer.css") + read(f"{stem}.css")


class Explorer(anywidget.AnyWidget):
    """An interactive figure: state in traits, drawing in JavaScript, a still picture for print.

    A subclass lives in ``<stem>.py`` beside ``<stem>.js`` and ``<stem>.css``, declares its
    traits and says what stands in its place where nothing moves.

    Attributes
    ----------
    fallback : str
        A figure element with an SVG picture and its text alternative: what stands on the static
        page until the explorer moves, on paper, and where there is no JavaScript.
    """

    fallback = traitlets.Unicode().tag(sync=True)

    # What the screen calls a setting, where its name is another.
    _on_screen: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put the module's text together from the files of the class's own stem."""
        stem = cls.__module__.rpartition(".")[2]
        # A base has no files; anywidget makes subclasses that have the texts as traits.
        if "_esm" not in vars(cls) and not stem.startswith("_"):
            cls._esm = module_text(stem)
            cls._css = style_text(stem)
        super().__init_subclass__(**kwargs)

    def __init__(self, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.trait_names()))
        if unknown:
            raise TypeError(self._unknown(unknown[0]))
        super().__init__(**state)
        self._redraw()
        self.observe(self._forget, self.settings())

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse what is no setting: it would be stored and would change nothing."""
        if not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(self._unknown(name))
        super().__setattr__(name, value)

    def _unknown(self, name: str) -> str:
        known = {setting: setting for setting in self.settings()} | self._on_screen
        near = difflib.get_close_matches(name, known, 1)
        meant = f"did you mean {known[near[0]]!r}? " if near else ""
        return (
            f"{type(self).__name__} has no setting {name!r}; {meant}"
            f"choose from {', '.join(self.settings())}"
        )

    def _forget(self, change: Any) -> None:
        self._current = False

    def _redraw(self) -> None:
        self.fallback = self.picture()
        self._current = True

    @classmethod
    def settings(cls) -> list[str]:
        """Return the names of the traits that a reader may set."""
        inherited = set(anywidget.AnyWidget.class_trait_names()) | {"fallback"}
        return sorted(name for name in cls.class_trait_names() if name not in inherited)

    def picture(self) -> str:
        """Return the markup that stands on the page until the explorer moves."""
        raise TypeError(f"{type(self).__name__} has no still picture")

    def describe(self) -> str:
        """Return the text alternative: what the picture shows, in words and numbers."""
        raise TypeError(f"{type(self).__name__} has no text alternative")

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Offer the picture and its text too, for where there is no live view."""
        if not self._current:
            self._redraw()
        shown: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = shown
        data |= {"text/plain": self.describe()}
        start = self.fallback.find("<svg")
        if start >= 0:
            data["image/svg+xml"] = self.fallback[start : self.fallback.rindex("</figure>")]
        return data, metadata


class PlottedExplorer(Explorer):
    """An explorer whose still picture is drawn by matplotlib in the book's colours."""

    def draw(self, figure: Figure) -> None:
        """Draw the still picture of the present state."""
        raise TypeError(f"{type(self).__name__} does not say how its still picture is drawn")

    def picture(self) -> str:
        """Return the still picture: a figure element with an SVG and its text alternative."""
        picture = svg(self.draw, self.describe())
        return f'<figure class="actgrad-still">{picture}</figure>'
