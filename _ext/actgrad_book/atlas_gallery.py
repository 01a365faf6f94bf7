"""The gallery of the atlas: f and f' of every function on one scale, each with its link."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from actgrad.atlas import Definition
from actgrad.derivations.functions import Function
from actgrad.explorers._evaluate import derivative, value

SCRIPT = Path(__file__).with_name("atlas_gallery.js")
STYLE = Path(__file__).with_name("atlas_gallery.css")
# What every picture shows, in x and in y, and how many steps of its grid are 1.
X, Y, UNIT = (-4.0, 4.0), (-1.5, 3.0), 100
# How far, in steps, a drawn line may lie from the curve, and a curve outside is followed.
NEAR, BEYOND = 0.8, 0.5
# What a reader may ask for: the key in the page, and its words.
TRAITS = {
    "smooth": "smooth",
    "monotone": "monotone",
    "bounded": "bounded",
    "centred": "zero-centred",
    "output": "the output is enough",
    "kinks": "with kinks",
}
ORDERS = {"family": "family", "name": "name", "year": "year", "kinks": "number of kinks"}


@dataclass(frozen=True)
class Card:
    """A function of the gallery: its record, the year of its paper, and what holds of it."""

    record: Definition
    year: str
    traits: frozenset[str]
    kinks: int
    paths: tuple[str, str]


def traits(function: Function) -> frozenset[str]:
    """Return what holds of a function, as keys of `TRAITS`; all of it is derived."""
    found = {
        "smooth": not function.kinks,
        "monotone": function.shape.monotonic,
        "bounded": all(end.is_finite for end in (function.range.inf, function.range.sup)),
        "centred": function.symmetry == 0,
        "output": function.output_form.exists,
        "kinks": bool(function.kinks),
    }
    return frozenset(name for name, holds in found.items() if holds)


def card(function: Function, year: str) -> Card:
    """Return the card of a function at its parameters' defaults."""
    kinks = sorted(float(function.at_defaults(place)) for place in function.kinks)
    paths = tuple(path(_pieces(function, curve, kinks)) for curve in (value, derivative))
    return Card(function.definition, year, traits(function), len(kinks), paths)  # type: ignore[arg-type]


def _pieces(function: Function, curve: Any, kinks: Sequence[float]) -> Iterator[Any]:
    """Yield the points of a curve between its kinks, joined where it does not jump."""
    inside = [kink for kink in kinks if X[0] < kink < X[1]]
    last: Any = None
    for start, end in itertools.pairwise([X[0], *inside, X[1]]):
        x = np.linspace(start, end, 1601)
        x[0] += 1e-9 * (start in inside)
        x[-1] -= 1e-9 * (end in inside)
        points = np.stack([x, curve(function, x, function.definition.defaults)], axis=1)
        if last is not None and abs(last[-1, 1] - points[0, 1]) < 1e-6:
            last = np.concatenate([last, points])
            continue
        if last is not None:
            yield last
        last = points
    yield last


def path(pieces: Iterable[Any]) -> str:
    """Return the data of an SVG path through points, no more of them than the eye needs."""
    written = ""
    for points in pieces:
        low, high = Y[0] - BEYOND, Y[1] + BEYOND
        steps = np.stack([points[:, 0] - X[0], Y[1] - points[:, 1].clip(low, high)], axis=1)
        corners = np.rint(simplified(steps * UNIT)).astype(int)
        moves = np.diff(corners, axis=0)
        written += f"M{_pair(corners[0])}l{'l'.join(map(_pair, moves))}".replace("l-", "l-")
    return written


def _pair(step: Any) -> str:
    x, y = (int(number) for number in step)
    return f"{x}{'' if y < 0 else ' '}{y}"


def simplified(points: Any) -> Any:
    """Return the points of a polyline that keep it within `NEAR`: Ramer, Douglas, Peucker."""
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        start, end = waiting.pop()
        chord = points[end] - points[start]
        between = points[start + 1 : end] - points[start]
        length = float(np.hypot(*chord)) or 1.0
        away = np.abs(chord[0] * between[:, 1] - chord[1] * between[:, 0]) / length
        if len(away) and away.max() > NEAR:
            middle = start + 1 + int(away.argmax())
            keep[middle] = True
            waiting += [(start, middle), (middle, end)]
    return points[keep]


def page(cards: Sequence[Card], others: Sequence[Definition]) -> str:
    """Return the gallery as HTML: controls, cards, and links to what has no curve."""
    width, height = (round((end - start) * UNIT) for start, end in (X, Y))
    box = f'viewBox="0 0 {width} {height}"'
    lines = "".join(f"M{round((x - X[0]) * UNIT)} 0v{height}" for x in (-2, 2))
    lines += "".join(f"M0 {round((Y[1] - y) * UNIT)}h{width}" for y in (-1, 1, 2))
    axes = f"M{round(-X[0] * UNIT)} 0v{height}M0 {round(Y[1] * UNIT)}h{width}"
    grid = f'<path class="grid" d="{lines}"/><path class="axes" d="{axes}"/>'
    items = "\n".join(_item(card, box) for card in cards)
    links = ", ".join(_link(record) for record in others)
    rest = f"<p>Functions of whole rows and gated pairs: {links}.</p>\n" if links else ""
    x, y = (f"from {start:g} to {end:g}".replace("-", "−") for start, end in (X, Y))
    return (
        f"<style>{_squeezed(STYLE)}</style>\n"
        f'<svg class="atlas-shared" aria-hidden="true"><symbol id="atlas-axes" {box}>{grid}'
        "</symbol></svg>\n"
        f"{_controls()}\n"
        '<p class="atlas-key"><span class="f">f(x)</span> <span class="df">f′(x)</span> for x '
        f"{x} and y {y}, at the parameters' defaults</p>\n"
        f'<ul class="atlas" id="atlas-list">\n{items}\n</ul>\n{rest}'
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>\n"
    )


def _squeezed(style: Path) -> str:
    return " ".join(style.read_text(encoding="utf-8").split())


def _link(record: Definition) -> str:
    return f'<a href="../atlas/{record.name}.html">{html.escape(record.title)}</a>'


def _item(card: Card, box: str) -> str:
    said = [TRAITS[name] for name in TRAITS if name in card.traits - {"kinks"}]
    if card.kinks:
        said.insert(0, f"{card.kinks} kink{'s' * (card.kinks > 1)}")
    if card.year:
        said.insert(0, card.year)
    keys = " ".join(name for name in TRAITS if name in card.traits)
    f, df = card.paths
    return (
        f'<li data-is="{keys}" data-year="{card.year}" data-kinks="{card.kinks}">'
        f'<a href="../atlas/{card.record.name}.html">'
        f'<svg {box} aria-hidden="true"><use href="#atlas-axes"/>'
        f'<path class="df" d="{df}"/><path class="f" d="{f}"/></svg>'
        f"{html.escape(card.record.title)}</a><p>{', '.join(said)}</p></li>"
    )


def _controls() -> str:
    boxes = "\n".join(
        f'<label><input type="checkbox" name="is" value="{key}"> {words}</label>'
        for key, words in TRAITS.items()
    )
    orders = "".join(f'<option value="{key}">{words}</option>' for key, words in ORDERS.items())
    return (
        '<form id="atlas-controls" class="atlas-controls" hidden>\n'
        f"<fieldset><legend>Show what is</legend>\n{boxes}\n</fieldset>\n"
        f'<label>Sort by <select name="order">{orders}</select></label>\n'
        '<p id="atlas-status" role="status"></p>\n</form>'
    )
