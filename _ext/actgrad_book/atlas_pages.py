"""Write the atlas's pages: ``python -m actgrad_book.atlas_pages FOLDER CHAPTERS``.

What a page says of a function is derived from its record, proved and computed here, once for
all pages. CHAPTERS is a JSON object: the chapter of each record that has one.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sympy
from pybtex.database import parse_string

from actgrad import activations
from actgrad.activations._from_definition import _formulas, _kernel
from actgrad.atlas import DEFINITIONS, Definition, Node
from actgrad.derivations import DERIVATIONS, Derivation, Task, derive, latex
from actgrad.derivations._derive import NAMED
from actgrad.derivations._facts import series
from actgrad.derivations._parse import expression
from actgrad.derivations.functions import ACTIVATIONS, Function
from actgrad.exercises import CHAPTERS, Exercise, exercise
from actgrad.explorers import ActivationExplorer, DerivationStepper
from actgrad.notebook import Source, Table, number, recorded

from . import atlas_gallery

NOT_RECORDED = "not recorded"
# Whose accuracy stands on every page, recorded or not.
COMPARED = ("actgrad", "PyTorch", "JAX")
QUANTITIES = ("value", "gradient", "second derivative")
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{"model_id":"%s"}</script>'


@dataclass
class Page:
    """The text of a page, which grows, and the widgets that it shows, by id."""

    record: Definition
    blocks: list[str] = field(default_factory=list)
    widgets: dict[str, Any] = field(default_factory=dict)

    def say(self, *blocks: str) -> None:
        """Add paragraphs, tables or headings."""
        self.blocks += (block.strip() for block in blocks if block.strip())

    def show(self, widget: Any) -> None:
        """Add a widget."""
        key = f"{self.record.name}_{len(self.widgets) + 1}"
        self.widgets[key] = widget
        self.say(VIEW % key)

    def ask(self, *endings: str) -> None:
        """Add the exercises of the record whose ids end so."""
        for item in exercises_of(self.record):
            if item.id.endswith(endings):
                for part in exercise(item.id).shown:
                    if isinstance(part, str):
                        self.say(part)
                    else:
                        self.show(part)

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
    page = Page(record)
    title = record.title[0].upper() + record.title[1:]
    page.say(
        _front(record), f"(atlas-{stem(record)})=\n# {title}", _spelled(record, record.idea)
    )
    source = f"Source: {{cite}}`{record.paper}`." if record.paper else ""
    more = f"The chapter {{doc}}`../chapters/{chapter}` tells more." if chapter else ""
    page.say(" ".join(filter(None, (source, more))))
    if record.kind == "element-wise":
        _element_wise(page, ACTIVATIONS[record.name])
    elif record.kind == "rows":
        _rows_of(page)
    else:
        _gated(page)
    _code(page)
    if record.kind == "element-wise":
        _accuracy(page)
    _elsewhere(page)
    if record.traps:
        page.say("## What goes wrong", "\n".join(f"- {trap}" for trap in record.traps))
    return page


def stem(record: Definition) -> str:
    """Return a record's name as it stands in addresses and ids."""
    return record.name.replace("_", "-")


def exercises_of(record: Definition) -> list[Exercise]:
    """Return the exercises that follow from a record."""
    endings = ("derivative", "kink", "from-output", "same-output")
    ids = {f"{stem(record)}-{ending}" for ending in endings}
    return [item for item in CHAPTERS["atlas"] if item.id in ids]


def _front(record: Definition) -> str:
    """Return the front matter: the words by which readers search."""
    words = [record.class_name, record.name, record.name.replace("_", " "), record.title]
    words += [part for found in record.elsewhere for part in (found.name,)]
    kept = ", ".join(dict.fromkeys(words))
    return f"---\nkeywords: {json.dumps(kept, ensure_ascii=False)}\n---"


def _spelled(record: Definition, text: str) -> str:
    """Return a sentence of a record with its parameters' letters as readers see them."""
    for parameter in record.parameters:
        text = re.sub(rf"\b{parameter.letter}\b", parameter.sign, text)
    text = re.sub(r"\bpi\b", "π", text).replace("^2", "²")
    return re.sub(r"(?<![\w`])-(?=[\w])", "−", text)


# An element-wise function.


def _element_wise(page: Page, function: Function) -> None:
    record = page.record
    derivation = derivation_of(function)
    within = _names_in(derivation.subject)
    known = [pair for pair in derivation.definitions if pair[0] != derivation.subject]
    first = _meanings(pair for pair in known if type(pair[0]).__name__ in within)
    then = _meanings(pair for pair in known if type(pair[0]).__name__ not in within)
    page.say("## Definition", f"$$\nf(x) = {latex(derivation.subject)}\n$$", _here(first))
    _parameters(page)
    page.show(ActivationExplorer(record.name, x_range=record.view, x=_point(record)))
    page.say("## Derivative")
    page.ask("-derivative")
    _derived(page, _here(then), derivation)
    _second(page, derivation)
    _kinks(page, function)
    page.say("## Facts")
    page.ask("-from-output", "-same-output")
    facts = dict(facts_of(function))
    page.say(_table({"fact": list(facts), "statement": list(facts.values())}))


def derivation_of(function: Function) -> Derivation:
    """Return the derivation of f' in which the language's functions keep their names."""
    names = {str(symbol): symbol for symbol in (function.symbol, *function.parameters)}
    return derive(expression(function.definition.value, names, NAMED), function.symbol)


def _second(page: Page, first: Derivation) -> None:
    """Show the derivative of the derivative, and fold its derivation."""
    derivation = derive(_in_order(first.result), first.symbol)
    lines = _proved(derivation).replace(rf"\displaystyle {derivation.left_side}", "f''(x)", 1)
    steps = len(list(derivation.rows()))
    page.say(
        "### Second derivative",
        f"$$\nf''(x) = {latex(derivation.result)}\n$$",
        f"<details>\n<summary>Show the {steps} steps</summary>\n\n{lines}\n\n</details>",
    )


def _proved(derivation: Derivation) -> str:
    """Return a derivation's lines and its proof; raise if there is none."""
    shown = derivation._repr_markdown_()
    if "<summary>Not proved" in shown:
        derivation.prove()
    return shown


def _in_order(result: Any) -> Any:
    """Return cases from left to right so that each condition needs its upper end alone."""
    if not isinstance(result, sympy.Piecewise):
        return result
    upper = (sympy.StrictLessThan, sympy.LessThan)
    *pairs, (last, _) = result.args
    cases = [
        (
            value,
            next(
                (part for part in sympy.And.make_args(where) if isinstance(part, upper)), where
            ),
        )
        for value, where in pairs
    ]
    return sympy.Piecewise(*cases, (last, True), evaluate=False)


def _names_in(subject: Any) -> set[str]:
    return {type(part).__name__ for part in sympy.preorder_traversal(subject)}


def _here(meanings: Sequence[str]) -> str:
    return f"Here {_and(meanings)}." if meanings else ""


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _point(record: Definition) -> float:
    low, high = record.view
    return round(low + 0.625 * (high - low), 2)


def _table(columns: Mapping[str, Sequence[Any]]) -> str:
    return Table(columns)._repr_markdown_()


def _parameters(page: Page) -> None:
    own = page.record.parameters
    if not own:
        return
    columns = {
        "parameter": [f"${latex(sympy.Symbol(p.letter, real=True))}$" for p in own],
        "in programs": [f"`{p.name}`" for p in own],
        "default": [_plain(p.default) for p in own],
        "from": [_plain(p.domain[0]) for p in own],
        "to": [_plain(p.domain[1]) for p in own],
    }
    if any(p.learned for p in own):
        columns["learned"] = ["yes" if p.learned else "no" for p in own]
    page.say(_table(columns))


def _plain(value: float) -> str:
    text = number(value, 6)
    return re.sub("^1 × ", "", text)


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
        row = (place, left, right, function.chosen[place])
        for column, value in zip(columns.values(), row, strict=True):
            column.append(f"${_number(value)}$")
    page.say("## Kinks")
    page.ask("-kink")
    page.say(_table(columns))


def facts_of(function: Function) -> Iterator[tuple[str, str]]:
    """Yield what is known of a function, each fact's name and its statement in Markdown."""
    settings = " (at the defaults)" if function.parameters else ""
    yield f"range{settings}", _set(function.range)
    low, high = function.limits
    yield f"limits{settings}", f"{_limit('-', low)}, {_limit('', high)}"
    yield f"monotonicity{settings}", function.monotonicity
    looked = "" if function.shape.counted else ", found by a search that may have missed some"
    yield f"$f'(x) = 0${settings}", _set(function.roots) + looked
    symmetry = function.symmetry
    if symmetry is not None:
        mirrored = "-f(x)" if symmetry == 0 else f"{latex(symmetry)} - f(x)"
        yield "symmetry", f"$f(-x) = {mirrored}$" + ", an odd function" * (symmetry == 0)
    form = function.output_form
    if form.exists:
        yield "from the output", f"$f'(x) = {latex(form.expression)}$ with $y = f(x)$"
    elif form.witness is not None:
        a, b = form.witness.inputs
        (y, p, q) = (form.witness.output, *form.witness.slopes)
        a, b, y, p, q = (number(float(value), 6) for value in (a, b, y, p, q))
        yield (
            "from the output",
            f"not known from $y$ alone: {a} and {b} both have the output {y}, and there the "
            f"slopes {p} and {q}",
        )
    else:
        yield "from the output", _sentence(form.reason)


def _limit(sign: str, value: Any) -> str:
    arrow = rf"x \to {sign}\infty"
    if isinstance(value, sympy.AccumBounds):
        return (
            rf"for ${arrow}$ it stays between ${_number(value.min)}$ and ${_number(value.max)}$"
        )
    return rf"$f(x) \to {_number(value)}$ for ${arrow}$"


def _number(value: Any) -> str:
    """Return a number as LaTeX; one that has more digits than seven to seven of them."""
    if value.is_infinite:
        return str(sympy.latex(value))
    if value.is_Rational and value.q > 10**9:
        value = sympy.Float(value)
    if value.is_number and not value.has(sympy.Float):
        return str(sympy.latex(value, ln_notation=True))
    if not value.has(sympy.Float):
        return str(latex(value))
    return str(sympy.Float(value, 7)).rstrip("0").rstrip(".")


def _set(numbers: Any) -> str:
    """Return a set of numbers in Markdown."""
    if numbers == sympy.S.EmptySet:
        return "nowhere"
    if isinstance(numbers, sympy.FiniteSet):
        return ", ".join(f"${_number(value)}$" for value in sorted(numbers, key=float))
    if isinstance(numbers, sympy.Union):
        parts = numbers.args
        if not numbers.has(sympy.ImageSet):
            parts = sorted(parts, key=lambda part: float(part.inf))
        return " and ".join(map(_set, parts))
    if isinstance(numbers, sympy.Interval):
        left = "(" if numbers.left_open else "["
        right = ")" if numbers.right_open else "]"
        return f"${left}{_number(numbers.start)}, {_number(numbers.end)}{right}$"
    return series(numbers)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}.".replace(" -", " −")


# A record of rows, a gated pair.


def _rows_of(page: Page) -> None:
    """Tell of a function of whole rows by its formula and the derivations of its name."""
    record = page.record
    page.say("## Definition", *_formula_of(record))
    _parameters(page)
    for name, make in DERIVATIONS.items():
        if _record_of(name) == record.name:
            _derived(page, f"## {make().title}", make())


def _gated(page: Page) -> None:
    """Derive a gated pair's slopes by each half, the other held fixed."""
    record = page.record
    page.say("## Definition", *_formula_of(record))
    _parameters(page)
    names = {letter: sympy.Symbol(letter, real=True) for letter in record.letters}
    for parameter in record.parameters:
        sign = {1: {"positive": True}, -1: {"negative": True}, 0: {"real": True}}
        names[parameter.letter] = sympy.Symbol(parameter.letter, **sign[parameter.direction])
    whole = expression(record.value, names, NAMED)
    for letter in record.letters:
        derivation = derive(whole, names[letter])
        if letter == record.letters[0] and (meanings := _meanings(derivation.definitions)):
            page.say(_here(meanings))
        _derived(page, f"## The slope in ${letter}$", derivation)
        taken = [
            [f"${latex(expression(tree, names, NAMED))}$" for tree in kink]
            for kink in record._kinks_of(letter)
        ]
        if taken:
            places, slopes = zip(*taken, strict=True)
            page.say(_table({f"kink at ${letter} =$": places, "slope taken here": slopes}))


def _meanings(definitions: Iterable[tuple[Any, Any]]) -> list[str]:
    return [f"${latex(term)} = {latex(value)}$" for term, value in definitions]


def _derived(page: Page, heading: str, derivation: Derivation) -> None:
    page.say(heading, _proved(derivation))
    if not derivation.name:  # those that have one are found by it
        page.say(f"<!-- replay {json.dumps(Task.of(derivation).to_dict())} -->")
    page.show(DerivationStepper(derivation))


def _formula_of(record: Definition) -> Iterator[str]:
    """Yield the formula of a pair, or of an entry of a row and of what the row shares."""

    def shown(tree: Node, entry: str) -> str:
        letters = {letter: sympy.Symbol(letter, real=True) for letter in sorted(tree.names())}
        letters["x"] = sympy.Symbol(entry, real=True)
        return str(latex(expression(tree, letters, NAMED)))

    reduces = record.kind == "rows" and "x" not in record.value.names()
    left = "f(a, b)" if record.kind != "rows" else "y" if reduces else "y_i"
    yield f"$$\n{left} = {shown(record.value, 'z_i')}\n$$"
    for letter, summand, total in record.sums:
        symbol = str(latex(sympy.Symbol(letter, real=True)))
        added = rf"\sum_j {shown(summand, 'z_j')}"
        if total.kind == "name" and total.value == letter:
            yield f"Here ${symbol} = {added}$."
        else:
            yield f"Here ${symbol}$ is the number for which ${added} = {shown(total, '')}$."


def _record_of(derivation: str) -> str:
    """Return the record whose name, the longest, a derivation's name begins with."""
    found = [name for name in DEFINITIONS if f"{derivation}_".startswith(f"{name}_")]
    return max(found, key=len, default="")


# What computes it, here and elsewhere.


def _code(page: Page) -> None:
    """Show the code that computes: the kernel, where there is one, else what is generated."""
    record = page.record
    cls = getattr(activations, record.class_name, None)
    if cls is None:
        return
    page.say("## In NumPy")
    by_hand = _kernel(record) or ((cls,) if cls.__module__ != activations.__name__ else ())
    if by_hand:
        (source,) = by_hand
        own = [name for name, member in vars(source).items() if _is_formula(name, member)]
        said = "is written by hand"
        if not own:  # it is made of other classes
            text = re.sub(r'(?s)\n\s*r?""".*?"""\n', "\n", inspect.getsource(source), count=1)
            page.say(f"The class `{cls.__name__}` {said}:", f"```python\n{text.strip()}\n```")
            return
    else:
        source = SimpleNamespace(__name__=cls.__name__, **_formulas(record))
        own = ["_value", "_gradient"]
        said = "is made from the record"
    page.say(f"The class `{cls.__name__}` {said}:", Source(source, own)._repr_markdown_())


def _is_formula(name: str, member: Any) -> bool:
    return bool(re.fullmatch(r"_[a-z]\w*", name)) and callable(member)


@cache
def _recorded() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = recorded("frameworks")["rows"]
    return rows


def _rows(record: Definition) -> list[dict[str, Any]]:
    return [row for row in _recorded() if row["function"] == record.name]


def _accuracy(page: Page) -> None:
    """Show the largest errors that were recorded; a figure that was not is said to lack."""
    record = page.record
    rows = [row for row in _rows(record) if row["framework"] in COMPARED]
    lacking = [name for name in COMPARED if name not in {row["framework"] for row in rows}]
    columns: dict[str, list[str]] = {"library": [], "call": []}
    columns |= {quantity: [] for quantity in QUANTITIES}
    for name in COMPARED:
        for row in (row for row in rows if row["framework"] == name):
            columns["library"].append(f"{name} {row['version']}, {row['date']}")
            columns["call"].append(f"`{row['call']}`")
            for quantity in QUANTITIES:
                columns[quantity].append(_ulp(row.get("float64", {}).get(quantity)))
        if name in lacking:
            for column in columns.values():
                column.append(NOT_RECORDED)
            columns["library"][-1] = name
    promise = ""
    if record.ulp is not None:
        value, gradient = (f"{bound:g}" for bound in record.ulp)
        promise = (
            f"The record of `{record.class_name}` promises at most {value} ULP for values and "
            f"{gradient} for gradients in float64, and tests hold it to that. "
        )
    page.say(
        "## Accuracy",
        f"{promise}The largest errors that were measured, in units in the last place:",
        _table(columns),
    )


def _ulp(found: Sequence[float] | None) -> str:
    if found is None:
        return NOT_RECORDED
    worst, at = found
    whole = f"{number(worst, 3)} at {number(at, 3)}" if worst else "0"
    return whole.replace(" × ", "\u00a0×\u00a0")


def _elsewhere(page: Page) -> None:
    """Show what other libraries call it, and what they do where mathematics leaves a choice."""
    record = page.record
    if not record.elsewhere:
        return
    # A name may be asked in two places: ONNX's in its reference and in ONNX Runtime.
    asked = [
        (found, row)
        for found in record.elsewhere
        for row in [row for row in _rows(record) if row["call"] == found.name] or [{}]
    ]
    columns: dict[str, list[str]] = {
        "library": [],
        "name": [],
        "as here with": [],
        **{f"slope at {number(float(place))}": [] for place in _asked(record, "kinks")},
        **{_end(name): [] for name in _asked(record, "ends")},
    }
    for found, row in asked:
        dated = f" {row['version']}, {row['date']}" if row else ""
        needed = ", ".join(f"`{name}={value!r}`" for name, value in found.needed.items())
        for name, value in found.differing.items():
            needed += f"; there `{name}={value!r}` is the default" * (name in found.needed)
        answers = [
            _answer(row.get(kind, {}).get(name))
            for kind in ("kinks", "ends")
            for name in _asked(record, kind)
        ]
        cells = (
            f"{row.get('framework', found.framework)}{dated}",
            f"`{found.name}`",
            needed or "its defaults",
            *answers,
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    page.say("## In other libraries", _table(columns))


def _asked(record: Definition, kind: str) -> list[str]:
    """Return the places whose answers differ, or that a record leaves to choice: its kinks."""
    rows = [row for row in _rows(record) if row["framework"] != "actgrad"]
    asked = dict.fromkeys(name for row in rows for name in row[kind])
    if kind == "kinks":
        return list(asked)
    differ = {
        name: {str(row[kind][name]) for row in rows if name in row[kind]} for name in asked
    }
    return [name for name, answers in differ.items() if len(answers) > 1]


def _end(name: str) -> str:
    return name.replace("-inf", "−∞").replace("inf", "∞").replace("'", "′")


def _answer(value: float | str | None) -> str:
    if value is None:
        return NOT_RECORDED
    if isinstance(value, str):
        return {"inf": "∞", "-inf": "−∞", "nan": "NaN"}[value]
    return number(value, 6)


# Writing.


def states(pages: Sequence[Page]) -> dict[str, Any]:
    """Return the widgets of all pages, each module's text once."""
    modules: dict[str, Any] = {}
    by_page: dict[str, Any] = {}
    for page in pages:
        shown = by_page[f"atlas/{page.record.name}"] = {}
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


def years_of(bibliography: Path) -> dict[str, str]:
    """Return the year of each entry of the bibliography, or nothing where it has none."""
    entries = parse_string(bibliography.read_text(encoding="utf-8"), "bibtex").entries
    return {key: entry.fields.get("year", "") for key, entry in entries.items()}


def year_of(record: Definition, years: Mapping[str, str]) -> str:
    """Return the year of a record's paper; nothing where it names none."""
    if record.paper and record.paper not in years:
        record.refuse("paper", f"the bibliography lacks {record.paper!r}: add it")
    return years.get(record.paper, "")


def main(folder: Path, chapters: Mapping[str, str]) -> None:
    """Write all pages and what they show; a page that is no record's any more is removed."""
    warnings.simplefilter("error")
    folder.mkdir(exist_ok=True)
    pages = []
    for done, record in enumerate(DEFINITIONS.values(), 1):
        share = f"{done / len(DEFINITIONS):4.0%}"
        print(f"writing the atlas... [{share}] {record.name}", flush=True)
        pages.append(page_of(record, chapters.get(record.name, "")))
        _write(folder / f"{record.name}.md", pages[-1].text)
    years = years_of(folder.parent / "chapters" / "references.bib")
    cards = [
        atlas_gallery.card(ACTIVATIONS[record.name], year_of(record, years))
        for record in DEFINITIONS.values()
        if record.kind == "element-wise"
    ]
    others = [record for record in DEFINITIONS.values() if record.kind != "element-wise"]
    _write(folder / "gallery.html", atlas_gallery.page(cards, others))
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
