"""Exercises of the chapter ``atlas``: they follow from the records, a few a function.

``gelu-derivative`` asks for f', ``hardtanh-kink`` for the jump of the slope, and
``tanh-from-output`` or ``gelu-same-output`` whether y is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from actgrad.atlas import DEFINITIONS, Definition, Node, definition, derivative, written
from actgrad.atlas._derivative import _negative, _product, _put, _sum
from actgrad.atlas._latex import latex
from actgrad.atlas._table import DEFINITIONS as MEANINGS
from actgrad.exercises._exercise import (
    Derive,
    Exercise,
    ExpressionExercise,
    Level,
    Mistake,
    Predict,
)
from actgrad.exercises._slips import Slip, exchanged, slips
from actgrad.exercises._values import float64

CHAPTER = "atlas"
LEAST_MISTAKES, MOST_MISTAKES = 3, 5
_X = Node("name", "x")
_RULES = {
    "product": "a product: the rule for it has a term for each factor that holds $x$",
    "sum": "a sum: it is differentiated term by term",
    "cases": "a choice between cases: each is differentiated for itself",
    "call": "a function of something: name that, differentiate both and multiply",
    "power": "a power: look first whether $x$ stands above or below",
    "reciprocal": "a fraction: it is the power $-1$ of its denominator",
    "negative": "a minus sign: it stays",
}
_BARE = "a function with a name: use what defines it, or the rule that bears its name"


def exercises_of(record: Definition) -> Iterator[Exercise]:
    """Yield the exercises that follow from a record, in the order of its page.

    One without mistakes to recognise is no exercise, nor is a slope of 1 or of the function
    itself: the statement says it already.
    """
    if record.kind != "element-wise" or record.smooth in (Node("number", "1"), record.value):
        return
    found = (_derivative_of(record), *_kink_of(record), *_output_of(record))
    yield from (exercise for exercise in found if len(exercise.mistakes) >= LEAST_MISTAKES)


def _stem(record: Definition) -> str:
    return record.name.replace("_", "-")


def _ranges(record: Definition) -> dict[str, tuple[float, float]]:
    """Return from where the letters of an answer are drawn: near 0, and around the defaults."""
    low, high = record.view
    own = {
        p.letter: (min(p.default / 2, 1.5 * p.default), max(p.default / 2, 1.5 * p.default))
        if p.default
        else (-1.0, 1.0)
        for p in record.parameters
    }
    return {"x": (max(low, -3.0), min(high, 3.0)), **own}


def _distinct(exercise: ExpressionExercise, found: Iterable[Slip]) -> tuple[Mistake, ...]:
    """Return the mistakes whose values are not the solution's, nor another one's."""
    points = exercise.points_at(np.random.default_rng(exercise.seed("mistakes")), 64)
    known = [exercise.values(exercise.solution, points)]
    said: dict[str, Mistake] = {}
    for slip in found:
        text = written(slip.wrong)
        values = exercise.values(text, points)
        apart = all(
            np.mean(np.abs(values - other) > 1e-3 * (1 + np.abs(other))) > 0.05
            for other in known
        )
        if apart and np.isfinite(values).all() and slip.says not in said:
            known.append(values)
            number = sum(mistake.id.startswith(slip.id) for mistake in said.values())
            id = f"{slip.id}-{number + 1}" if number else slip.id
            said[slip.says] = Mistake(id, slip.says, text)
    return tuple(said.values())[:MOST_MISTAKES]


def _derivative_of(record: Definition) -> Derive:
    value = record.value
    title = record.title
    kinks = " Leave the kinks out; any slope counts there." if record.at_kinks else ""
    cases = record.smooth.kind == "cases"
    how = " Cases are written `cases((x, x > 0), (0, otherwise))`." if cases else ""
    letters = _ranges(record)
    exercise = Derive(
        id=f"{_stem(record)}-derivative",
        chapter=CHAPTER,
        title=f"The derivative of {title}",
        level=_level(value),
        minutes={"warm-up": 3, "core": 6, "hard": 12}[_level(value)],
        statement=(
            rf"Differentiate $f(x) = {latex(value)}$ with respect to $x$.{kinks} Any equal "
            f"expression counts; $y$ stands for $f(x)$.{how}"
        ),
        learnt=f"each rule leaves its own trace in the derivative of {title}",
        variables=letters,
        definitions={"y": written(value)},
        start=f"D({written(value)}, x)",
        at_kinks=not _joined(record.value),
        solution=written(record.smooth),
        hints=(
            f"The outermost operation is {_operation(_unfolded_once(value))}.",
            "Go from the outside to the inside, one rule a line, and simplify at the end.",
        ),
        mistakes=(),
    )
    alternatives = _differing(
        exercise.solution,
        record.stable_derivative,
        record.from_output,
        written(derivative(_unfolded(value), "x")),
    )
    mistakes = _distinct(exercise, _wrong_derivatives(record))
    return replace(exercise, alternatives=alternatives, mistakes=mistakes)


def _joined(node: Node) -> bool:
    """Whether cases meet somewhere: there the formula's derivative need not hold."""
    named = node.kind == "call" and node.value in ("abs", "max", "min", "relu", "sign")
    return node.kind == "cases" or named or any(map(_joined, node.children))


def _operation(node: Node) -> str:
    return _BARE if node.kind == "call" and node.children == (_X,) else _RULES[node.kind]


def _level(node: Node) -> Level:
    size = _size(node)
    return "warm-up" if size < 4 else "core" if size < 12 else "hard"


def _size(node: Node) -> int:
    return 1 + sum(map(_size, node.children))


def _differing(solution: str, *texts: str) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(texts) if text and text != solution)


def _unfolded_once(node: Node) -> Node:
    """Return a bare function of the language as its definition, anything else as it is."""
    if node.kind == "call" and node.value in MEANINGS and node.children == (_X,):
        return definition(node.value)
    return node


def _unfolded(node: Node) -> Node:
    """Return the tree with the language's own functions written out."""
    children = tuple(map(_unfolded, node.children))
    if node.kind == "call" and node.value in MEANINGS:
        return _put(_unfolded(definition(node.value)), children[0])
    return Node(node.kind, node.value, children)


def _wrong_derivatives(record: Definition) -> Iterator[Slip]:
    yield from slips(_unfolded_once(record.value), "x")
    yield Slip("function-itself", "This is the function itself.", record.value)
    yield Slip("sign", "The sign is wrong everywhere.", _negative(record.smooth))
    for power in _powers(record.smooth):
        yield Slip(
            "lost-power",
            "An exponent got lost on the way to the last line.",
            _replaced(record.smooth, power, power.children[0]),
        )
    if record.output_gradient is not None:
        yield Slip(
            "output-for-input",
            "This is right for the output `y`; here `x` stands where `y` belongs.",
            _replaced(record.output_gradient, Node("name", "y"), _X),
        )


def _powers(node: Node) -> Iterator[Node]:
    if node.kind == "power" and "x" in node.children[0].names():
        yield node
    for child in node.children:
        yield from _powers(child)


def _replaced(node: Node, part: Node, new: Node) -> Node:
    if node == part:
        return new
    children = tuple(_replaced(child, part, new) for child in node.children)
    return Node(node.kind, node.value, children)


def _at_defaults(record: Definition) -> str:
    """Return f(x) as a formula, and after it the parameters' values."""
    said = [f"${latex(Node('name', p.letter))} = {p.default:g}$" for p in record.parameters]
    where = f" with {', '.join(said)}" if said else ""
    return f"$f(x) = {latex(record.value)}${where}"


# What a kink does.


def _kink_of(record: Definition) -> Iterator[Predict]:
    own = record.by_letter(record.defaults)
    for place, _ in record.kinks:
        at = float(float64(place, own))
        below, above = (_near(record.smooth, own, at, side) for side in (-1, 1))
        broken = abs(_near(record.value, own, at, 1) - _near(record.value, own, at, -1)) > 1e-6
        if not broken and abs(above - below) > 1e-6:
            yield _jump(record, at, below, above)
            return


def _near(node: Node, own: Mapping[str, float], at: float, side: int) -> float:
    x = at + side * 1e-9 * max(1.0, abs(at))
    return float(float64(node, {"x": x, **own}))


def _jump(record: Definition, at: float, below: float, above: float) -> Predict:
    kinks = "its kink" if len(record.kinks) == 1 else "the leftmost of its kinks"
    jump = above - below
    wrong = (
        ("left-minus-right", "This is the left slope minus the right one.", -jump),
        (
            "mean",
            "This is the mean of both slopes, which a central difference gives.",
            (above + below) / 2,
        ),
        ("left", "This is the slope on the left alone.", below),
        ("right", "This is the slope on the right alone.", above),
        ("sum", "This is the sum of both slopes.", above + below),
        ("twice", "The jump is the difference of the slopes, not twice that.", 2 * jump),
    )
    found: dict[float, Mistake] = {round(jump, 6): Mistake("", "", "")}
    for id, says, value in wrong:
        found.setdefault(round(value, 6), Mistake(id, says, _number(value)))
    return Predict(
        id=f"{_stem(record)}-kink",
        chapter=CHAPTER,
        title=f"How far the slope of {record.title} jumps",
        level="warm-up",
        minutes=3,
        statement=(
            f"Take {_at_defaults(record)}. By how much does its slope grow, "
            f"from left to right, at {kinks}?"
        ),
        learnt="at a kink there are two slopes, and each number between them is a subgradient",
        solution=_number(jump),
        rtol=1e-4,
        hints=(
            "Write the function without the case that does not hold, on each side.",
            "What counts is the slope right of the kink, less the slope left of it.",
        ),
        mistakes=tuple(found.values())[1 : 1 + MOST_MISTAKES],
    )


def _number(value: float) -> str:
    """Return a number as a reader would write it: a small fraction, or seven digits."""
    fraction = Fraction(value).limit_denominator(1000)
    return str(fraction) if abs(value - fraction) < 1e-7 else f"{value:.7g}"


# Is y enough?


def _output_of(record: Definition) -> Iterator[ExpressionExercise]:
    if record.output_gradient is not None:
        yield _from_output(record, record.output_gradient)
        return
    pair = same_output(record)
    if pair is not None:
        yield _same_output(record, *pair)


def _from_output(record: Definition, right: Node) -> Derive:
    letters = tuple(p.letter for p in record.parameters)
    exercise = Derive(
        id=f"{_stem(record)}-from-output",
        chapter=CHAPTER,
        title=f"{record.title}: is the output enough?",
        level="core",
        minutes=8,
        statement=(
            rf"A layer has computed $y = {latex(record.value)}$ and forgotten $x$. Write the "
            "derivative with $y$ alone"
            + (", and the parameters." if letters else ".")
            + " Any equal expression counts."
        ),
        learnt="where the output determines the slope, the input need not be kept",
        variables=_ranges(record),
        definitions={"y": written(record.value)},
        answer_in=("y", *letters),
        start=f"D({written(record.value)}, x)",
        at_kinks=not _joined(record.value),
        solution=written(right),
        hints=(
            "Solve $y = f(x)$ for $x$, or for the part of the derivative that holds $x$.",
            "Put that into the derivative, and look whether every $x$ is gone.",
        ),
        mistakes=(),
    )
    return replace(exercise, mistakes=_distinct(exercise, _wrong_in_y(record, right)))


def _wrong_in_y(record: Definition, right: Node) -> Iterator[Slip]:
    y = Node("name", "y")
    yield Slip(
        "output-for-input",
        "This is the formula for the input, fed with the output.",
        _replaced(record.smooth, _X, y),
    )
    yield Slip("output-itself", "This is the output itself.", y)
    for part in _parts(right):
        if part.kind in ("product", "sum"):
            for lost in part.children:
                kept = tuple(child for child in part.children if child is not lost)
                rest = (_product if part.kind == "product" else _sum)(*kept)
                what = "factor" if part.kind == "product" else "term"
                yield Slip(f"lost-{what}", f"A {what} got lost.", _replaced(right, part, rest))
        elif part.kind == "negative":
            yield Slip(
                "lost-minus", "A minus sign got lost.", _replaced(right, part, part.children[0])
            )
        elif part.kind == "power":
            yield Slip(
                "lost-power", "An exponent got lost.", _replaced(right, part, part.children[0])
            )
        elif part.kind == "cases":
            values = part.children[::2]
            yield Slip(
                "exchanged",
                "The slopes are right, but in the wrong cases.",
                _replaced(right, part, exchanged(part)),
            )
            yield Slip(
                "first-case-alone",
                "This is right in the first case alone; the condition is on `y`.",
                _replaced(right, part, values[0]),
            )
            yield Slip(
                "last-case-alone",
                "This is right in the last case alone; the condition is on `y`.",
                _replaced(right, part, values[-1]),
            )
    yield Slip("sign", "The sign is wrong everywhere.", _negative(right))


def _parts(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _parts(child)


def same_output(record: Definition) -> tuple[float, float] | None:
    """Return two inputs with one output and different slopes, or None where none was found.

    They lie on both sides of a turning point of f, at the parameters' defaults.
    """
    own = record.by_letter(record.defaults)
    x = np.linspace(*record.view, 641)
    y = float64(record.value, {"x": x, **own})
    rises = np.sign(np.diff(y)) * (np.abs(np.diff(y)) > 1e-9)
    turns = [i + 1 for i in range(len(rises) - 1) if rises[i] * rises[i + 1] < 0]
    for turn in turns:
        known = round(float(x[turn]) + 0.5, 1)
        wanted = float(float64(record.value, {"x": known, **own}))
        beyond = x[:turn]
        signs = np.sign(y[:turn] - wanted)
        crossed = np.nonzero(signs[1:] * signs[:-1] < 0)[0]
        if len(crossed):
            low, high = float(beyond[crossed[-1]]), float(beyond[crossed[-1] + 1])
            other = _crossing(record.value, own, wanted, low, high)
            if abs(_slope(record, own, other) - _slope(record, own, known)) > 1e-3:
                return other, known
    return None


def _crossing(
    node: Node, own: Mapping[str, float], wanted: float, low: float, high: float
) -> float:
    rising = float(float64(node, {"x": high, **own})) > wanted
    for _ in range(60):
        middle = (low + high) / 2
        if (float(float64(node, {"x": middle, **own})) > wanted) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _slope(record: Definition, own: Mapping[str, float], x: float) -> float:
    return float(float64(record.smooth, {"x": x, **own}))


def _same_output(record: Definition, other: float, known: float) -> Predict:
    own = record.by_letter(record.defaults)
    slope, output = (
        _slope(record, own, other),
        float(float64(record.value, {"x": known, **own})),
    )
    wrong = (
        ("other-input", "This is the slope at the second input.", _slope(record, own, known)),
        ("output", "This is the output, not the slope.", output),
        (
            "fed-with-output",
            "This is the slope at the output: $f'$ was fed with $y$.",
            _slope(record, own, output),
        ),
        ("sign", "The sign is wrong: does $f$ rise or fall there?", -slope),
        (
            "mean",
            "This is the mean of the slopes at the two inputs.",
            (slope + _slope(record, own, known)) / 2,
        ),
    )
    found: dict[float, Mistake] = {round(slope, 3): Mistake("", "", "")}
    for id, says, value in wrong:
        found.setdefault(round(value, 3), Mistake(id, says, f"{value:.6g}"))
    return Predict(
        id=f"{_stem(record)}-same-output",
        chapter=CHAPTER,
        title=f"{record.title}: is the output enough?",
        level="core",
        minutes=6,
        statement=(
            f"Take {_at_defaults(record)}. The inputs {other:.6f} and {known:g} have the same "
            "output, to the digits shown. What is the slope at the first of them? "
            "Compare it with the slope at the second before you decide whether $y$ is enough."
        ),
        learnt="inputs with one output can have different slopes: then y is not enough",
        solution=f"{slope:.6g}",
        rtol=1e-3,
        hints=(
            "Differentiate $f$, and put the first input in.",
            "Between the two inputs the function turns. Which sign has the slope on each side?",
        ),
        mistakes=tuple(found.values())[1 : 1 + MOST_MISTAKES],
    )


EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for record in DEFINITIONS.values() for exercise in exercises_of(record)
)
