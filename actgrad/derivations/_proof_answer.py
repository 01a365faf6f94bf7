"""A reader's own proof, answered by plain messages: what the page's worker calls.

Everything is text: a task is JSON, as `Task.to_dict` writes it. A message has a ``kind``:

========== =====================================================================
task       the task as it was read: ``title``, ``start`` and ``goal`` (text,
           latex), ``where`` (LaTeX of what names stand for and of conditions),
           ``of`` (``text``, ``by``) where the start is the derivative of a
           function, ``own`` if lines may have notation that is only the task's,
           and the ``steps`` of a replay, as `replay` gives them
line       the verdict of `CheckedLine.to_dict`, and ``same`` (it is the line
           above), ``reached`` and ``open``
hint       ``rule``, ``sentence``, ``formula``, ``note``, ``more``; ``text`` and
           ``latex`` of the next line only where it was asked for
refused    ``reason``: the task cannot be read
========== =====================================================================
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sympy

from actgrad.derivations._expression import D, Expr
from actgrad.derivations._line import Setting
from actgrad.derivations._parse import ParseError
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._task import Task, replay

Message = dict[str, Any]


def open_task(task: str, blank: str = "") -> Iterator[Message]:
    """Read a task, and show how it begins.

    Parameters
    ----------
    task
        JSON of what `Task.to_dict` writes.
    blank
        The numbers of the lines to be written, as in ``"1,3"``, where the task is to replay a
        derivation; without them, all lines are the reader's.
    """
    for found in _read(task):
        if isinstance(found, dict):
            yield found
            continue
        try:
            steps = _steps(found, blank)
        except ValueError as error:
            yield {"kind": "refused", "reason": f"The task cannot be read: {error}"}
            continue
        setting = found.setting
        start = setting.read(found.start)
        # What a replayed derivation reaches is its answer.
        goal = "" if found.replayed else found.goal
        yield {
            "kind": "task",
            "title": found.title,
            "start": _shown(start),
            "goal": _shown(setting.read(goal)) if goal else None,
            "where": list(_where(found)),
            "of": None if (own := _own_notation(found)) else _function(start, setting),
            "own": own,
            "steps": steps,
        }


def _shown(e: Expr) -> dict[str, str]:
    return {"text": plain(e), "latex": latex(e)}


def _where(task: Task) -> Iterator[str]:
    for name, value in task.setting.definitions:
        yield f"{latex(name)} = {latex(value)}"
    for condition in task.setting.conditions:
        yield latex(condition)
    for letter in task.positive:
        yield f"{latex(sympy.Symbol(letter))} > 0"


def _own_notation(task: Task) -> bool:
    return bool(task.derivation) or any("(" in name for name in task.where)


def _function(start: Expr, setting: Setting) -> dict[str, str] | None:
    """Return the function whose derivative is asked for; None where names stand for more."""
    named = {name for name, _ in setting.definitions}
    if not isinstance(start, D) or named & start.free_symbols:
        return None
    return {"text": plain(start.expression), "by": plain(start.variable)}


def _steps(task: Task, blank: str) -> list[Message]:
    if not blank:
        return []
    if task.replayed is None:
        raise ValueError("only a derivation can be replayed with blank lines")
    if not re.fullmatch(r"\d{1,3}(,\d{1,3})*", blank):
        raise ValueError("blank lines are given by their numbers, as in 1,3")
    numbers = [int(number) for number in blank.split(",")]
    return list(replay(task.replayed, numbers)["steps"])


def line(before: str, after: str, task: str = "{}") -> Iterator[Message]:
    """Judge a line, and tell whether it is what was asked for."""
    for found in _read(task, start=before):
        if isinstance(found, dict):
            yield found
            continue
        checked = found.check(before, after)
        left = found.reached(after).open if checked else ()
        yield {
            "kind": "line",
            **checked.to_dict(),
            "same": checked.named.same,
            "reached": bool(checked) and not left,
            "open": list(left),
        }


def hint(line: str, task: str = "{}", more: str = "") -> Iterator[Message]:
    """Tell the next rule and, where ``more`` is not empty, the next line."""
    for found in _read(task, start=line):
        if isinstance(found, dict):
            yield found
            continue
        try:
            yield {"kind": "hint", **found.hint(line).to_dict(with_line=bool(more))}
        except (ParseError, TypeError, ValueError) as error:
            yield {"kind": "refused", "reason": str(error)}


def _read(task: str, start: str = "") -> Iterator[Task | Message]:
    """Yield the task, or the message that refuses it; without one, the line starts its own."""
    try:
        data = json.loads(task)
        if not data:
            yield Task(start)
            return
        found = Task.from_dict(data)
        found.setting.read(found.start)
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        yield {"kind": "refused", "reason": f"The task cannot be read: {error}"}
    else:
        yield found


CALLS: Mapping[str, Callable[..., Iterator[Message]]] = {
    "task": open_task,
    "line": line,
    "hint": hint,
}
