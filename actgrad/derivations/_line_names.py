"""What leads from a line to an equal one: a rule, several, or rewriting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from actgrad.derivations import rules
from actgrad.derivations._calculus import outer_derivatives
from actgrad.derivations._derive import Unsupported, cited, deriver, is_named
from actgrad.derivations._expression import D, Definitions, Expr, at, find, size, walk
from actgrad.derivations._forms import Theory, derivatives, form, order_form
from actgrad.derivations._printing import plain
from actgrad.derivations._rule import Change, Rule

# What is read off two lines; these two need more.
_RULES: tuple[Rule, ...] = tuple(
    rule
    for rule in (getattr(rules, name) for name in rules.__all__)
    if rule not in (rules.KNOWN, rules.PARTS)
)
# What goes without saying beside a rule that is not among them.
_PLAIN = (rules.CONSTANT, rules.IDENTITY, rules.SUM, rules.CONSTANT_MULTIPLE)
_MOST_STEPS = 40
# More than this many nodes are no line that anybody writes.
_LONGEST = 300
# From the least algebra to the most, and what a person calls it.
_LEVELS: tuple[tuple[Theory, tuple[Rule, ...]], ...] = (
    (Theory.NUMBERS, (rules.ARITHMETIC,)),
    (Theory.TERMS | Theory.FACTORS, (rules.COLLECT,)),
    (Theory.CANCEL | Theory.FACTORS, (rules.CANCEL,)),
    (Theory.TERMS | Theory.FACTORS | Theory.CANCEL, (rules.COLLECT, rules.CANCEL)),
)


@dataclass(frozen=True)
class Used:
    """A rule that was used, and where: ``chain rule`` and ``with u = -x``."""

    rule: Rule
    where: str = ""

    def __str__(self) -> str:
        return f"{self.rule.name}, {self.where}" if self.where else self.rule.name


@dataclass(frozen=True)
class Named:
    """What happened between two equal lines.

    Parameters
    ----------
    rules
        Those that lead there; none for a line that was only rewritten.
    rewritten
        Whether something else than these rules was done too.
    same
        Whether the second line is the first.
    """

    rules: tuple[Used, ...] = ()
    rewritten: bool = False
    same: bool = False

    def __str__(self) -> str:
        if self.same:
            return "the same line"
        words = [str(used) for used in self.rules] + ["rewriting"] * self.rewritten
        if len(words) > 2 or any("," in word for word in words[:-1]):
            return "; ".join(words)
        return " and ".join(words)


def named(before: Expr, after: Expr, definitions: Definitions = ()) -> Named:
    """Name what leads from a line to one that is proved equal."""
    if before == after:
        return Named(same=True)
    if size(before) + size(after) > _LONGEST:
        return Named(rewritten=True)
    change = Change(before, after, definitions)
    for rule in _RULES:
        if rule.describes(change):
            return Named((_used(rule, change),))
    if (known := _known(change)) is not None:
        return Named((known,))
    return _several(change)


def _used(rule: Rule, change: Change) -> Used:
    if rule not in (rules.CHAIN, rules.LINEAR_CHAIN):
        return Used(rule)
    left = derivatives(change.after)
    for d in (part for part in walk(change.before) if isinstance(part, D)):
        if order_form(d) not in left:
            inner = _inner(d, change)
            if inner is not None:
                return Used(rule, f"with u = {plain(inner)}")
    return Used(rule)


def _inner(d: D, change: Change) -> Expr | None:
    e, x = d.args
    found = outer_derivatives(e, x, change, rules.slope)
    return next((u for u, _ in found if u != x and x in u.free_symbols), None)


def _known(change: Change) -> Used | None:
    for name in {type(part).__name__ for part in walk(change.before) if is_named(part)}:
        one = Change(change.before, change.after, change.definitions, change.parts, cited(name))
        if rules.KNOWN.describes(one):
            return Used(rules.KNOWN, f"the derivative of {name}")
    return None


def _several(change: Change) -> Named:
    """Name the rules that carry out what the next line has carried out, and what tidies it."""
    hidden = {name for name, _ in change.definitions if name.is_Symbol}
    hidden |= {part for part in walk(change.before) if isinstance(part, sympy.Indexed)}
    used: list[Used] = []
    line = change.before
    if derivatives(change.before) != derivatives(change.after):
        if hidden & {*walk(change.before)}:
            return Named(rewritten=True)
        try:
            for one, carried in _carrying_out(change):
                line = carried
                if one.rule not in [other.rule for other in used]:
                    used.append(one)
        except Unsupported:
            return Named(rewritten=True)
        used = [one for one in used if one.rule not in _PLAIN] or used
    if derivatives(line) != derivatives(change.after):
        return Named(rewritten=True)
    if order_form(line) == order_form(change.after):
        return Named(tuple(used))
    for theory, more in _LEVELS:
        if form(line, theory) == form(change.after, theory):
            # Working numbers out goes without saying where rules were used.
            tidied = () if used and theory is Theory.NUMBERS else map(Used, more)
            return Named((*used, *tidied))
    for rule in _RULES:
        if rule.describes(Change(line, change.after, change.definitions)):
            return Named((*used, Used(rule)))
    return Named(tuple(used), rewritten=True)


def _carrying_out(change: Change) -> Iterator[tuple[Used, Expr]]:
    """Yield rules and lines until the derivatives are left that the next line has."""
    line, left = change.before, derivatives(change.after)
    for _ in range(_MOST_STEPS):
        paths = [
            path
            for path in find(line, lambda part: isinstance(part, D))
            if order_form(at(line, path)) not in left
        ]
        if not paths:
            return
        d = at(line, paths[0])
        paths = [path for path in paths if at(line, path).variable == d.variable]
        step = deriver(d).next_step(line, paths)
        line = step.expression
        inner = _inner(d, change) if step.rule is rules.CHAIN else None
        yield Used(step.rule, "" if inner is None else f"with u = {plain(inner)}"), line
