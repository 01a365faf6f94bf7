"""Every function of the atlas in every library: errors in ULP, kinks, infinities, defaults.

``python -m benchmarks.record`` calls what is installed, by the names in the records, and keeps
the answers in ``actgrad/data/frameworks.json``; the answers of the others stay as they are.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np

import actgrad
from actgrad import activations
from actgrad.atlas import DEFINITIONS, Arithmetic, Definition, Elsewhere, derivative, evaluate
from benchmarks import RECORDED
from benchmarks.accuracy import ulp_errors
from benchmarks.frameworks import Library, function, installed, quiet

TITLE = "Largest error in ULP of normal results, by function and library; mpmath is the judge"
RECORD = RECORDED / "frameworks.json"
OURS = "actgrad"
QUANTITIES = ("value", "gradient", "second derivative")
ENDS = {"f(-inf)": (0, -np.inf), "f(inf)": (0, np.inf), "f(nan)": (0, np.nan)} | {
    "f'(-inf)": (1, -np.inf),
    "f'(inf)": (1, np.inf),
}
# The judge keeps more digits where a formula cancels more of them: far out and near 0.
_DIGITS = 60
_EXACT = Arithmetic(mpmath.mp, "mpmath", mpmath.mpf)

MEASURED = [record for record in DEFINITIONS.values() if record.kind == "element-wise"]


# Where the cases of a record meet at its defaults, they meet at a multiple of a quarter.
CORNERS = frozenset(np.arange(-8, 8.25, 0.25).tolist())
NEARBY = mpmath.mpf(10) ** -40


@lru_cache
def trees(definition: Definition) -> tuple[Any, ...]:
    """f, f' and f'' by the record's formula."""
    value = definition.value
    return value, derivative(value, "x"), derivative(derivative(value, "x"), "x")


def exact(definition: Definition, order: int, x: float) -> Any:
    """The derivative of an order, by the record's formula at its defaults.

    It is NaN where the formula jumps: there is no derivative of this order, or the formula,
    in which sign(0) is 0, does not hold at this place.
    """
    # Where e^-x stands beside 1, or e^(-x^2/2), and where x is small, digits cancel.
    cancelled = 0.9 * abs(x) + 0.22 * x * x + (22 * -np.log10(abs(x)) if 0 < abs(x) < 1 else 0)
    with mpmath.workdps(60 + int(min(cancelled, 700))):
        defaults = definition.by_letter(definition.defaults)
        own = {letter: mpmath.mpf(number) for letter, number in defaults.items()}

        def at(place: Any) -> Any:
            return evaluate(trees(definition)[order], {"x": place, **own}, _EXACT)

        found = at(mpmath.mpf(x))
        if order and x in CORNERS:
            beside = (at(x + step) for step in (NEARBY, -NEARBY))
            if any(abs(found - value) > mpmath.sqrt(NEARBY) for value in beside):
                return mpmath.nan
        return found


def kinks(definition: Definition) -> list[float]:
    """The places of the kinks at the defaults."""
    own = definition.by_letter(definition.defaults)
    return [float(evaluate(place, own, _EXACT)) for place, _ in definition.kinks]


@lru_cache
def truths(definition: Definition) -> tuple[Any, ...]:
    """The inputs, and for each quantity the exact values there.

    The inputs are dense where functions bend, go out to both tails and in to 0, and crowd
    around the roots of f' and f''. All are numbers of float32, so that one exact value serves
    both precisions; kinks, which have no derivative, are left out.
    """
    small = np.logspace(-30, 2.85, 140)
    bend, far = np.linspace(-8, 8, 641), np.linspace(-120, 120, 241)
    grid = np.concatenate([bend, far, small, -small, *_around_roots(definition, bend)])
    grid = np.unique(grid.astype(np.float32)).astype(float)
    grid = grid[~np.isin(grid, kinks(definition))]
    return grid, [[exact(definition, order, x) for x in grid] for order in range(3)]


def _around_roots(definition: Definition, grid: Any) -> Iterator[Any]:
    distances = np.concatenate([[0.0], np.logspace(-7, -2, 12)])
    for order in (1, 2):
        signs = np.sign([float(exact(definition, order, x)) for x in grid])
        for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
            low, high = grid[i : i + 2]
            while (middle := (low + high) / 2) not in (low, high):
                if np.sign(float(exact(definition, order, middle))) == signs[i]:
                    low = middle
                else:
                    high = middle
            yield low + distances
            yield low - distances


def errors(library: Library, f: Any, definition: Definition) -> dict[str, Any]:
    """The largest errors of a library's function, and where they begin, by precision."""
    grid, exacts = truths(definition)
    found: dict[str, Any] = {}
    for dtype in (np.float64, np.float32):
        x = grid.astype(dtype)
        row = found[dtype.__name__] = {}
        for order, name in enumerate(QUANTITIES):
            if order and library.derivative is None:
                break
            try:
                got = _call(library, f, x, order)
            except Exception:  # libraries refuse a precision in many ways
                continue
            if got.dtype != dtype or got.shape != x.shape:
                continue
            ulp = ulp_errors(got, exacts[order], dtype)
            if not np.isnan(ulp).all():
                worst = float(np.nanmax(ulp))
                # Saturated errors are all about as large: tell where they begin.
                places = grid[ulp >= worst / 2]
                at = places[np.argmin(np.abs(places))]
                row[name] = [float(f"{worst:.3g}"), float(f"{at:.9g}")]
        if not row:
            del found[dtype.__name__]
    return found


def _call(library: Library, f: Any, x: Any, order: int) -> Any:
    if order and library.derivative is not None:
        return np.asarray(quiet(library.derivative, f, x, order))
    return np.asarray(quiet(library.value, f, x))


def _at(library: Library, f: Any, place: float, order: int) -> float | str:
    """Return what a function gives at one place: in float64, or in float32 if it must be."""
    try:
        (value,) = _call(library, f, np.array([place]), order)
    except Exception:  # libraries refuse a precision in many ways
        (value,) = _call(library, f, np.array([place], np.float32), order)
    return _number(value)


def _number(value: Any) -> float | str:
    """Return a number for JSON, which knows neither infinities nor NaN."""
    return float(value) if np.isfinite(value) else str(float(value))


def conventions(library: Library, f: Any, definition: Definition) -> dict[str, Any]:
    """What a library's function does where its formula leaves a choice."""
    found: dict[str, Any] = {"kinks": {}, "ends": {}}
    if library.derivative is not None:
        for place in kinks(definition):
            found["kinks"][f"{place:g}"] = _at(library, f, place, 1)
    for name, (order, place) in ENDS.items():
        if order == 0 or library.derivative is not None:
            found["ends"][name] = _at(library, f, place, order)
    return found


def other_than(library: Library, f: Any, definition: Definition) -> str:
    """Say where a library's function is not the record's, to float32's digits; else nothing."""
    x = np.linspace(-6, 6, 25, dtype=np.float32)
    got = _call(library, f, x, 0)
    want = np.array([float(exact(definition, 0, float(place))) for place in x])
    for at in np.flatnonzero(~np.isclose(got, want, rtol=1e-4, atol=1e-5)):
        return f"at x = {x[at]:g} it gives {got[at]:g}, not {want[at]:g}"
    return ""


def ask(library: Library, definition: Definition, found: Elsewhere) -> dict[str, Any]:
    """Return the row of one name of a record.

    Raises
    ------
    ValueError
        If the function is not the record's.
    """
    f = function(found, **found.needed)
    if where := other_than(library, f, definition):
        definition.refuse("elsewhere", f"{found.name} is another function: {where}")
    row: dict[str, Any] = {
        "function": definition.name,
        "framework": library.framework,
        "call": found.name,
    }
    row |= {"by_default": not other_than(library, function(found), definition)}
    return row | conventions(library, f, definition) | errors(library, f, definition)


def ours(definition: Definition) -> dict[str, Any] | None:
    """Return the row of the package's own class, if there is one."""
    if definition.ulp is None:
        return None
    own = dict([definition.choice]) if definition.choice else {}
    f = getattr(activations, definition.class_name)(**own)
    library = Library(
        OURS,
        actgrad.__version__,
        lambda f, x: f(x),
        lambda f, x, n: f.gradient(x) if n == 1 else np.array([]),
    )
    row = {"function": definition.name, "framework": OURS, "call": definition.class_name}
    return row | conventions(library, f, definition) | errors(library, f, definition)


def ask_all(libraries: list[Library]) -> list[dict[str, Any]]:
    """Return the rows of every record, in every one of the libraries."""
    date = datetime.date.today().isoformat()
    rows = []
    for definition in MEASURED:
        own = ours(definition)
        found = [(actgrad.__version__, own)] if own else []
        for library in libraries:
            family = library.framework.removesuffix(" Runtime")
            names = [name for name in definition.elsewhere if name.framework == family]
            found += [(library.version, ask(library, definition, name)) for name in names]
        rows += [row | {"version": version, "date": date} for version, row in found]
        print(f"scoreboard: {definition.name}, {len(found)} rows", flush=True)
    return rows


def record() -> None:
    """Ask what is installed and write the answers that the book reads."""
    libraries = list(installed())
    rows = ask_all(libraries)
    asked = {row["framework"] for row in rows}
    names = set(DEFINITIONS)
    if RECORD.exists():
        kept = json.loads(RECORD.read_text("utf-8"))["rows"]
        rows += [r for r in kept if r["framework"] not in asked and r["function"] in names]
    order = list(DEFINITIONS)
    rows.sort(key=lambda row: (order.index(row["function"]), row["framework"], row["call"]))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    RECORD.write_text(f'{{"rows": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"scoreboard: answers of {', '.join(sorted(asked))} written")


def run() -> list[dict[str, Any]]:
    """Return the table of what is installed, for ``python -m benchmarks scoreboard``."""
    return [
        {
            "function": row["function"],
            "library": f"{row['framework']} {row['version']}",
            "call": row["call"],
            **{
                f"{name}, {dtype}": "{:.3g} at {:.4g}".format(*row[dtype][name])
                if name in row.get(dtype, {})
                else None
                for dtype in ("float64", "float32")
                for name in QUANTITIES
            },
        }
        for row in ask_all(list(installed()))
    ]
