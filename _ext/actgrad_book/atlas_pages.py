"""Write the atlas's pages: ``python -m actgrad_book.atlas_pages FOLDER CHAPTERS``.

What a page says of a function is derived from its record, proved and computed here, once for
all pages. CHAPTERS is a JSON object: the chapter of each record that has one.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actgrad import activations
from actgrad.atlas import DEFINITIONS, Definition
from actgrad.derivations import DERIVATIONS, Derivation, Report, derive, latex
from actgrad.derivations._derive import NAMED
from actgrad.derivations._parse import expression
from actgrad.derivations.functions import FUNCTIONS, Function
from actgrad.explorers import ActivationExplorer, DerivationStepper
from actgrad.notebook import Source, Table, number, recorded

from . import atlas_code

NOT_RECORDED = "not recorded"
LIBRARIES = {"torch": "PyTorch", "jax": "JAX"}
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{"model_id":"%s"}</script>'


@dataclass
class Page:
    """The text of a page, which grows, and the widgets that it shows, by id."""

    name: str
    blocks: list[str] = field(default_factory=list)
    widgets: dict[str, Any] = field(default_factory=dict)

    def say(self, *blocks: str) -> None:
        """Add paragraphs, tables or headings."""
        self.blocks += (block.strip() for block in blocks if block.strip())

    def show(self, widget: Any) -> None:
        """Add a widget."""
        key = f"{self.name}_{len(self.widgets) + 1}"
        self.widgets[key] = widget
        self.say(VIEW % key)

    @property
    def text(self) -> str:
        """The page as Markdown."""
        return "\n\n".join(self.blocks) + "\n"


def page_of(record: Definition, chapter: str = "") -> Page:
    """Return the page of a record.

    Parameters
    ----------
    record : Definition
    chapter : str
        The stem of the chapter that tells more.
    """
    page = Page(record.name)
    title = record.title[0].upper() + record.title[1:]
    page.say(_front(record), f"(atlas-{_stem(record)})=\n# {title}", record.idea)
    if chapter:
        page.say(f"The chapter {{doc}}`../chapters/{chapter}` tells more.")
    if record.kind == "element-wise":
        _element_wise(page, record)
    else:
        _by_documents(page, record)
    _elsewhere(page, record)
    if record.traps:
        page.say("## What goes wrong", *(f"- {trap}" for trap in record.traps))
    if record.paper:
        page.say("## Source", f"{{cite}}`{record.paper}`")
    return page


def _stem(record: Definition) -> str:
    return record.name.replace("_", "-")


def _front(record: Definition) -> str:
    """Return the front matter: the words by which readers search."""
    words = [record.class_name, record.name, record.title]
    words += [found.name for found in record.elsewhere]
    kept = ", ".join(dict.fromkeys(words))
    return f"---\nkeywords: {json.dumps(kept, ensure_ascii=False)}\n---"


def _element_wise(page: Page, record: Definition) -> None:
    function = FUNCTIONS[record.name]
    derivation = derivation_of(function)
    page.say("## Definition", _formula("f(x)", derivation.subject))
    if meanings := [f"${latex(term)} = {latex(value)}$" for term, value in _named(derivation)]:
        page.say(f"Here {_and(meanings)}.")
    _parameters(page, record)
    page.show(ActivationExplorer(record.name, x_range=record.view, x=_point(record)))
    page.say("## Derivative", derivation._repr_markdown_())
    page.show(DerivationStepper(derivation))
    page.say(_proved(derivation.prove()))
    _kinks(page, function)
    _facts(page, function)
    _code(page, record)
    _accuracy(page, record)


def _by_documents(page: Page, record: Definition) -> None:
    """Tell of a record of rows or of a gated pair by the derivations that bear its name."""
    for name, make in DERIVATIONS.items():
        if _record_of(name) == record.name:
            derivation = make()
            page.say(f"## {derivation.title}", derivation._repr_markdown_())
            page.show(DerivationStepper(derivation))
            page.say(_proved(derivation.prove()))
    _parameters(page, record)
    _code(page, record)


def _record_of(derivation: str) -> str:
    """Return the record whose name, the longest, a derivation's name begins with."""
    found = [name for name in DEFINITIONS if f"{derivation}_".startswith(f"{name}_")]
    return max(found, key=len, default="")


def derivation_of(function: Function) -> Derivation:
    """Return the derivation of f' in which the language's functions keep their names."""
    names = {str(symbol): symbol for symbol in (function.symbol, *function.parameters)}
    return derive(expression(function.definition.value, names, NAMED), function.symbol)


def _named(derivation: Derivation) -> Sequence[tuple[Any, Any]]:
    return [pair for pair in derivation.definitions if pair[0] != derivation.subject]


def _point(record: Definition) -> float:
    low, high = record.view
    return round(low + 0.625 * (high - low), 2)


def _formula(left: str, right: Any) -> str:
    return f"$$\n{left} = {latex(right)}\n$$"


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _table(columns: Mapping[str, Sequence[Any]], spec: str = ".3g") -> str:
    return Table(columns, spec=spec)._repr_markdown_()


def _parameters(page: Page, record: Definition) -> None:
    if not record.parameters:
        return
    own = record.parameters
    domains = [_domain(*p.domain) for p in own]
    columns = {
        "parameter": [f"${latex(_symbol(p.letter))}$" for p in own],
        "in programs": [f"`{p.name}`" for p in own],
        "default": [p.default for p in own],
        "from, to": domains,
        "learned": ["yes" if p.learned else "no" for p in own],
    }
    page.say(_table(columns, ".6g"))


def _symbol(letter: str) -> Any:
    import sympy

    return sympy.Symbol(letter, real=True)


def _domain(low: float, high: float) -> str:
    return f"{number(low, 3)} to {number(high, 3)}"


def _proved(report: Report) -> str:
    steps = f"{report.steps} step{'s' * (report.steps != 1)}"
    tested = f", {report.numeric} tested at random points" if report.numeric else ""
    return f"The machine has proved this page's derivation: {steps}, {report.exact} exactly{tested}."


def _kinks(page: Page, function: Function) -> None:
    if not function.kinks:
        return
    columns: dict[str, list[str]] = {
        "kink at": [],
        "slope from the left": [],
        "slope from the right": [],
        "taken here": [],
    }
    for place in function.kinks:
        left, right = function.slopes[place]
        for column, value in zip(
            columns.values(), (place, left, right, function.chosen[place]), strict=True
        ):
            column.append(f"${latex(value)}$")
    page.say("## Kinks", _table(columns))


def _facts(page: Page, function: Function) -> None:
    facts = dict(facts_of(function))
    page.say("## Facts", _table({"what": list(facts), "": list(facts.values())}))


def facts_of(function: Function) -> Iterator[tuple[str, str]]:
    """Yield what is known of a function, each fact's name and its statement in Markdown."""
    symmetry = function.symmetry
    if symmetry is not None:
        named = "odd" if symmetry == 0 else f"about the point $(0, {latex(symmetry / 2)})$"
        yield "symmetry", f"{named}: $f(-x) = {latex(symmetry - _f())}$"
    form = function.output_form
    if form.exists:
        yield "from the output", f"$f'(x) = {latex(form.expression)}$ with $y = f(x)$"
    else:
        yield "from the output", f"{form.reason}"


def _f() -> Any:
    import sympy

    return sympy.Function("f")(sympy.Symbol("x", real=True))


def _code(page: Page, record: Definition) -> None:
    """Show the code that computes: the kernel, where there is one, else what is generated."""
    cls = getattr(activations, record.class_name, None)
    if cls is None:
        return
    page.say("## In NumPy")
    own = [
        name for name in ("_value", "_gradient", "_value_and_gradient") if _written(cls, name)
    ]
    if own:
        page.say(f"From the class `{record.class_name}`:", Source(cls, own)._repr_markdown_())
    else:
        page.say(
            f"`{record.class_name}` is made from the record; it computes what this code does:",
            f"```python\n{atlas_code.functions(record)}```",
        )


def _written(cls: type, name: str) -> bool:
    """Whether a formula of a class is written by hand, and there."""
    method = inspect.getattr_static(cls, name, None)
    if not callable(method):
        return False
    module = method.__module__
    return (
        "_value" in name or True
        if module.startswith(activations.__name__)
        and not module.endswith(("_from_definition", "_elementwise", "_contract"))
        else False
    )


def _accuracy(page: Page, record: Definition) -> None:
    if record.ulp is None:
        return
    rows = [("`actgrad`, promised and tested", *(f"at most {bound:g}" for bound in record.ulp))]
    for stem, library in LIBRARIES.items():
        kept = recorded(stem)
        found = {
            row["quantity"]: row["max_ulp"]
            for row in kept["rows"]
            if row["function"] == record.name and row["dtype"] == "float64"
        }
        said = [
            _ulp(found[quantity]) if quantity in found else NOT_RECORDED
            for quantity in ("value", "gradient")
        ]
        label = f"{library} {kept['version']}, {kept['date']}" if found else library
        rows.append((label, *said))
    names = ("float64, largest error in ULP", "value", "gradient")
    page.say("## Accuracy", _table(dict(zip(names, zip(*rows, strict=True), strict=True))))


def _ulp(error: float) -> str:
    return number(error, 2 if error < 1e4 else 1)


def _elsewhere(page: Page, record: Definition) -> None:
    if not record.elsewhere:
        return
    columns = {
        "library": [found.framework for found in record.elsewhere],
        "name": [f"`{found.name}`" for found in record.elsewhere],
        "other defaults": [
            ", ".join(f"`{name}={value}`" for name, value in found.differing.items()) or "none"
            for found in record.elsewhere
        ],
    }
    page.say("## Elsewhere", _table(columns))


def states(pages: Sequence[Page]) -> dict[str, Any]:
    """Return the widgets of all pages, each module's text once."""
    modules: dict[str, Any] = {}
    by_page: dict[str, Any] = {}
    for page in pages:
        shown = by_page[f"atlas/{page.name}"] = {}
        for key, widget in page.widgets.items():
            state = widget.get_state()
            module = {name: state[name] for name in ("_esm", "_css")}
            digest = hashlib.sha256(json.dumps(module).encode()).hexdigest()[:12]
            modules[digest] = module
            own = {name for name in widget.traits(sync=True) if not name.startswith("_")}
            own -= {"layout", "tabbable", "tooltip"}
            kept = {name: state[name] for name in ("_anywidget_id", *sorted(own))}
            shown[key] = {"module": digest, "state": kept}
    return {"modules": modules, "pages": by_page}


def main(folder: Path, chapters: Mapping[str, str]) -> None:
    """Write all pages and what they show; a page that is no record's any more is removed."""
    warnings.simplefilter("error")
    folder.mkdir(exist_ok=True)
    pages = []
    for done, record in enumerate(DEFINITIONS.values(), 1):
        print(
            f"writing the atlas... [{done / len(DEFINITIONS):4.0%}] {record.name}", flush=True
        )
        pages.append(page_of(record, chapters.get(record.name, "")))
        _write(folder / f"{record.name}.md", pages[-1].text)
    _write(folder / "explorers.json", json.dumps(states(pages)))
    for path in folder.glob("*.md"):
        if path.stem not in DEFINITIONS:
            path.unlink()


def _write(path: Path, text: str) -> None:
    """Write a file unless it says so already: what is unchanged is not read again."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
