"""What differs between two lines of a derivation, and how it is marked."""

from __future__ import annotations

import sympy

from actgrad.derivations._expression import (
    D,
    Expr,
    IndexSum,
    Marked,
    add,
    is_reciprocal,
    replace_at,
)


def mark(expression: Expr, paths: list[tuple[int, ...]]) -> Expr:
    """Return the expression with the parts at `paths` marked as changed."""
    # A mark is longer than what it marks: go from the right, so that paths stay valid.
    for path in sorted(paths, reverse=True):
        part = expression
        for position in path:
            part = part.args[position]
        expression = replace_at(expression, path, Marked(part))
    return expression


def changed_paths(before: Expr, after: Expr) -> list[tuple[int, ...]]:
    """Return where `after` differs from `before`: the smallest parts that tell the change."""
    return _changed(before, after, ())


def _changed(before: Expr, after: Expr, path: tuple[int, ...]) -> list[tuple[int, ...]]:
    if before == after:
        return []
    if isinstance(after, sympy.Add) and before in after.args:
        return _changed_members(add(before, 0), after, path)
    if not after.args or before.func != after.func:
        return [path]
    if isinstance(after, (sympy.Add, sympy.Mul)):
        return _changed_members(before, after, path)
    if len(before.args) != len(after.args) or isinstance(after, (sympy.Indexed, D)):
        return [path]
    if isinstance(after, IndexSum):
        inner = _changed(before.args[0], after.args[0], (*path, 0))
        return inner if before.args[1:] == after.args[1:] else [path]
    paths = []
    for position, (old, new) in enumerate(zip(before.args, after.args, strict=True)):
        paths += _changed(old, new, (*path, position))
    return paths


def _changed_members(before: Expr, after: Expr, path: tuple[int, ...]) -> list[tuple[int, ...]]:
    if len(before.args) == len(after.args):
        pairs = list(zip(before.args, after.args, strict=True))
        if any(old == new for old, new in pairs):
            paths = []
            for position, (old, new) in enumerate(pairs):
                paths += _changed(old, new, (*path, position))
            return paths
    remaining = list(before.args)
    new_positions = []
    for position, argument in enumerate(after.args):
        if argument in remaining:
            remaining.remove(argument)
        else:
            new_positions.append(position)
    if not new_positions or len(new_positions) == len(after.args):
        return [path]
    if isinstance(after, sympy.Mul) and any(
        is_reciprocal(after.args[p]) for p in new_positions
    ):
        return [path]
    return [(*path, position) for position in new_positions]
