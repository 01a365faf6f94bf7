"""What the chapters show besides derivations and explorers: pictures, tables and real source.

Everything here displays itself in Jupyter and on the static page alike.
"""

import ast
import datetime
import html
import inspect
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, TypeVar

import numpy as np

from actgrad._extras import needs
from actgrad.derivations import Derivation
from actgrad.explorers._palette import follow_theme, line

with needs("explorers"):
    import matplotlib
    from IPython.display import display
    from matplotlib.figure import Figure

__all__ = [
    "DATA",
    "Facing",
    "Picture",
    "Source",
    "Table",
    "Text",
    "line",
    "number",
    "progress",
    "recorded",
    "svg",
]

Item = TypeVar("Item")

DATA = resources.files("actgrad") / "data"
"""The folder of the records and data that the chapters read; it comes with the package."""

_INK = "#010203"  # stands for the reader's text colour until the picture is written
_INKED = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "path.simplify_threshold": 0.25,  # of a pixel: half of the points of a curve
    **dict.fromkeys(_INKED, _INK),
}


def svg(
    draw: Callable[[Figure], object], alternative: str, size: tuple[float, float] = (6.0, 3.3)
) -> str:
    """Return a drawing as an SVG element in the reader's text colour, light or dark.

    Parameters
    ----------
    draw : callable
        Draws into the empty :class:`matplotlib.figure.Figure` that it is given.
    alternative : str
        What the picture shows, in words: its text alternative.
    size : tuple of float
        Width and height in inches.

    Returns
    -------
    str
        The element, equal for equal drawings.
    """
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": alternative}):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    picture = text.getvalue()
    picture = picture[picture.index("<svg") :].replace(_INK, "currentColor")
    picture = re.sub(r"<metadata>.*?</metadata>\s*", "", picture, flags=re.S)
    picture = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", picture, count=1)
    picture = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", picture, count=1)
    picture = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", picture, count=1)
    label = html.escape(alternative)
    return follow_theme(picture).replace("<svg", f'<svg role="img" aria-label="{label}"', 1)


@dataclass(frozen=True)
class Picture:
    """A figure of a chapter: a drawing with its text alternative and a caption.

    Parameters
    ----------
    draw, alternative, size
        As `svg` takes them.
    caption : str
        What stands below the picture.

    Raises
    ------
    ValueError
        If the text alternative is missing.
    """

    draw: Callable[[Figure], object]
    alternative: str
    caption: str = ""
    size: tuple[float, float] = (6.0, 3.3)

    def __post_init__(self) -> None:
        if not self.alternative.strip():
            raise ValueError("a picture needs its text alternative: say what it shows")

    def _repr_html_(self) -> str:
        caption = (
            f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        )
        picture = svg(self.draw, self.alternative, self.size)
        return f'<figure class="actgrad-still">{picture}{caption}</figure>'

    def __str__(self) -> str:
        return self.alternative


@dataclass(frozen=True)
class Source:
    """The real source of a class or function, or of some methods of a class, folded.

    Parameters
    ----------
    subject : class or function
        What to show, without its docstrings.
    members : sequence of str
        Names of methods, where not the whole is wanted.

    Examples
    --------
    >>> from actgrad import Linear
    >>> from actgrad.notebook import Source
    >>> print(Source(Linear, ["_value"])._repr_markdown_().splitlines()[1])
    <summary>How the package does it: <code>Linear</code>, 3 lines</summary>
    """

    subject: Any
    members: Sequence[str] = ()

    def _repr_markdown_(self) -> str:
        parts: Iterable[Any] = [self.subject]
        if self.members:
            parts = [inspect.getattr_static(self.subject, name) for name in self.members]
        text = "\n\n".join(map(_without_docstrings, parts))
        lines = sum(map(bool, text.splitlines()))
        what = f"<code>{self.subject.__name__}</code>, {lines} line{'s' * (lines != 1)}"
        return (
            '<details class="actgrad-source">\n'
            f"<summary>How the package does it: {what}</summary>\n\n"
            f"```python\n{text}\n```\n\n</details>\n"
        )


def _without_docstrings(part: Any) -> str:
    source = inspect.cleandoc("\n" + inspect.getsource(part))
    lines = source.splitlines()
    documented = (ast.ClassDef, ast.FunctionDef, ast.Module)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            docstring = node.body[0]
            end = docstring.end_lineno or docstring.lineno
            blank = end < len(lines) and not lines[end].strip()
            for number in range(docstring.lineno - 1, end + blank):
                lines[number] = _GONE
    return "\n".join(line for line in lines if line is not _GONE)


_GONE = "\0"


class Facing:
    r"""A function in a few lines of NumPy, each of which faces a line of its derivation.

    Parameters
    ----------
    code : str
        The lines. They are run, with `math` and with NumPy as ``np``.
    derivation : Derivation
        What they face.
    lines : mapping of str to str
        How a line of code begins, and what the derivation's line reads, as `plain` writes it.

    Raises
    ------
    ValueError
        If no line of code begins so, or several do; if no line of the derivation reads so.

    Examples
    --------
    >>> from actgrad.derivations import derive
    >>> from actgrad.notebook import Facing
    >>> square = derive("x^2")
    >>> shown = Facing("def slope(x):\n    return 2 * x", square, {"return": "2*x"})
    >>> float(shown["slope"](3.0))
    6.0
    >>> print(shown)
    def slope(x):
        return 2 * x  # (1)
    """

    def __init__(self, code: str, derivation: Derivation, lines: Mapping[str, str]) -> None:
        self._code = inspect.cleandoc("\n" + code).splitlines()
        self._anchor = derivation.anchor
        self._faces: dict[int, int] = {}
        for begins, formula in lines.items():
            found = [i for i, line in enumerate(self._code) if line.strip().startswith(begins)]
            if len(found) != 1:
                raise ValueError(f"{len(found)} lines of the code begin with {begins!r}")
            self._faces[found[0]] = derivation.number_of(formula)
        self._names: dict[str, Any] = {"np": np, "math": math}
        exec("\n".join(self._code), self._names)

    def __getitem__(self, name: str) -> Any:
        """Return what the code defines under a name."""
        return self._names[name]

    def __str__(self) -> str:
        width = max(len(self._code[number]) for number in self._faces)
        return "\n".join(
            f"{line:<{width}}  # ({self._faces[number]})" if number in self._faces else line
            for number, line in enumerate(self._code)
        )

    def _repr_markdown_(self) -> str:
        return (
            f'<div class="actgrad-facing" data-name="{self._anchor}"></div>\n\n'
            f"```python\n{self}\n```\n"
        )


@dataclass(frozen=True)
class Table:
    """A table of computed values.

    Parameters
    ----------
    columns : mapping of str to sequence
        The values of each column, by its head. Numbers are set right-aligned by `spec`.
    spec : str
        The format of floating-point numbers.
    """

    columns: Mapping[str, Sequence[Any]]
    spec: str = ".6g"
    caption: str = field(default="")

    def _cell(self, value: Any) -> str:
        if isinstance(value, bool | str | np.bool_):
            return str(value).replace("|", r"\|")
        if isinstance(value, int | np.integer):
            return f"{value:d}"
        return _typeset(format(float(value), self.spec))

    def _repr_markdown_(self) -> str:
        numeric = [
            not isinstance(next(iter(values), ""), str) for values in self.columns.values()
        ]
        rules = ["--:" if number else ":--" for number in numeric]
        rows = [[self._cell(head) for head in self.columns], rules]
        rows += [
            [self._cell(v) for v in row] for row in zip(*self.columns.values(), strict=True)
        ]
        text = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        return f"{text}\n\n{self.caption}\n" if self.caption else f"{text}\n"


class Text:
    """A paragraph with computed numbers, which displays itself as Markdown.

    Parameters
    ----------
    text : str
        Markdown. ``{{name}}`` stands for a value.
    **values : str, int or float
        The values by name. A float is written as `number` writes it.

    Raises
    ------
    ValueError
        If a name has no value, or a value no place.

    Examples
    --------
    >>> from actgrad.notebook import Text
    >>> print(Text("At $x = 5$ the slope is {{slope}}.", slope=0.0066))
    At $x = 5$ the slope is 0.0066.
    """

    def __init__(self, text: str, **values: str | int | float) -> None:
        names = set(re.findall(r"\{\{(\w+)\}\}", text))
        if names != set(values):
            missing = ", ".join(sorted(names - set(values)))
            unused = ", ".join(sorted(set(values) - names))
            told = [f"no value for {missing}"] if missing else []
            told += [f"no {{{{name}}}} in the text for {unused}"] if unused else []
            raise ValueError(f"Text: {'; '.join(told)}")
        shown = {
            name: number(value) if isinstance(value, float) else str(value)
            for name, value in values.items()
        }
        text = re.sub(r"\{\{(\w+)\}\}", lambda match: shown[match[1]], text)
        self._text = inspect.cleandoc("\n" + text)

    def _repr_markdown_(self) -> str:
        return self._text

    def __str__(self) -> str:
        return self._text


def number(value: float, digits: int = 2) -> str:
    """Return a number for running text: ``3.1 × 10⁻¹⁷``.

    Parameters
    ----------
    value : float
        The number.
    digits : int
        How many significant digits are shown.

    Returns
    -------
    str
        Its text, with a true minus and a superscript power of ten.
    """
    mantissa, _, power = format(float(value), f".{digits}g").partition("e")
    superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    shown = f"{mantissa} × 10{str(int(power)).translate(superscripts)}" if power else mantissa
    return shown.replace("-", "−")


def recorded(stem: str) -> dict[str, Any]:
    """Return what other libraries answered when they were last called.

    Parameters
    ----------
    stem : str
        The name of the record in `DATA`, such as ``"conventions"``.

    Returns
    -------
    dict
        The record as ``python -m benchmarks.record`` wrote it.

    Raises
    ------
    ValueError
        If the record, or one of its rows where it holds several libraries, does not say which
        version answered and on which date.
    """
    path = DATA / f"{stem}.json"
    record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for entry in [record] if "library" in record else record["rows"]:
        try:
            datetime.date.fromisoformat(entry["date"])
            dated = entry["version"][0].isdigit()
        except (KeyError, TypeError, ValueError, IndexError):
            dated = False
        if not dated:
            what = {name: entry[name] for name in entry if isinstance(entry[name], str)}
            raise ValueError(
                f"{path}: version or date is missing in {what}; "
                "record it again with python -m benchmarks.record"
            )
    return record


@dataclass(frozen=True)
class _Progress:
    """How far a long piece of work is."""

    done: int
    total: int
    label: str

    def _repr_html_(self) -> str:
        text = html.escape(str(self))
        bar = f'<progress value="{self.done}" max="{self.total}">{text}</progress>'
        return f"<label>{bar} {text}</label>"

    def __str__(self) -> str:
        return f"{self.label}: {self.done} of {self.total}"


def progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Iterate over items and show below the cell how far the work is.

    Parameters
    ----------
    items : sequence
        What to iterate over.
    label : str
        What is counted, such as ``"epochs"``.

    Yields
    ------
    object
        The items, in their order.
    """
    bar = _Progress(0, len(items), label)
    shown = display(bar, display_id=True)  # type: ignore[no-untyped-call]
    for done, item in enumerate(items, 1):
        yield item
        if shown is not None:  # None outside of a notebook
            shown.update(_Progress(done, len(items), label))


def _typeset(number: str) -> str:
    """Set a number as mathematics: a true minus and a power of ten."""
    mantissa, _, power = number.partition("e")
    if power:
        return rf"${mantissa} \times 10^{{{int(power)}}}$"
    return f"${mantissa}$" if number.lstrip("-")[0].isdigit() else number
