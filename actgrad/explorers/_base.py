"""The base of the explorers: an anywidget put together from files, with a still picture."""

import re
from importlib import resources
from typing import Any

import anywidget
import traitlets
from matplotlib.figure import Figure

from actgrad.explorers import _palette
from actgrad.explorers._javascript import functions_module
from actgrad.notebook import svg

_FILES = resources.files(__package__)
# Shared texts that stand before an explorer's own file, in order of use.
_SHARED_JS = ("special.js", "plot.js")


def read(name: str) -> str:
    """Return the text of a file of this folder."""
    return (_FILES / name).read_text(encoding="utf-8")


def module_text(stem: str, *, with_functions: bool = True) -> str:
    """Return one self-contained module: shared code, generated functions, the explorer's file.

    A page opened from disk cannot import a second file, so `import` lines between our files are
    dropped and what they name stands above.
    """
    shared = "".join(re.sub(r"(?m)^export (?!default)", "", read(name)) for name in _SHARED_JS)
    functions = functions_module() if with_functions else ""
    own = re.sub(r"(?m)^import [^;]*;\n", "", read(f"{stem}.js"))
    return shared + functions + own


def style_text(stem: str) -> str:
    """Return the palette, the shared style and the explorer's own."""
    return _palette.css() + read("explorer.css") + read(f"{stem}.css")


class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
    """An interactive figure: state in traits, drawing in JavaScript, a still picture for print.

    A subclass lives in ``<stem>.py`` beside ``<stem>.js`` and ``<stem>.css``, declares its
    traits and says how its still picture is drawn and what it shows.

    Attributes
    ----------
    fallback : str
        A figure element with an SVG picture and its text alternative: what stands on the static
        page until the explorer moves, on paper, and where there is no JavaScript.
    """

    fallback = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put the module's text together from the files of the class's own stem."""
        if "_esm" not in vars(cls):  # anywidget makes a subclass that has them as traits
            stem = cls.__module__.rpartition(".")[2]
            cls._esm = module_text(stem)
            cls._css = style_text(stem)
        super().__init_subclass__(**kwargs)

    def __init__(self, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.trait_names()))
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has no setting {unknown[0]!r}; "
                f"choose from {', '.join(self.settings())}"
            )
        super().__init__(**state)
        self.fallback = self.picture()

    @classmethod
    def settings(cls) -> list[str]:
        """Return the names of the traits that a reader may set."""
        inherited = set(anywidget.AnyWidget.class_trait_names()) | {"fallback"}
        return sorted(name for name in cls.class_trait_names() if name not in inherited)

    def draw(self, figure: Figure) -> None:
        """Draw the still picture of the present state."""
        raise TypeError(f"{type(self).__name__} does not say how its still picture is drawn")

    def describe(self) -> str:
        """Return the text alternative: what the picture shows, in words and numbers."""
        raise TypeError(f"{type(self).__name__} has no text alternative")

    def picture(self) -> str:
        """Return the still picture: a figure element with an SVG and its text alternative."""
        picture = svg(self.draw, self.describe())
        return f'<figure class="actgrad-still">{picture}</figure>'

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Offer the picture and its text too, for where there is no live view."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        picture = self.fallback[self.fallback.index("<svg") : self.fallback.rindex("</figure>")]
        return data | {"image/svg+xml": picture, "text/plain": self.describe()}, metadata
