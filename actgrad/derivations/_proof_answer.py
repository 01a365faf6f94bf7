"""A reader's own proof, answered by plain messages: what the page's worker calls.

Everything is text: a task is JSON, as `Task.to_dict` writes it. A message has a ``kind``:

========== =====================================================================
task       ``title``, ``start`` (text, latex): the task as it was read
line       the verdict of `CheckedLine.to_dict`, and ``reached`` and ``open``
hint       ``rule``, ``sentence``, ``formula``, ``note``, ``more``; ``text`` and
           ``latex`` of the next line only where it was asked for
refused    ``reason``: the task cannot be read
========== =====================================================================
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from actgrad.derivations._parse import ParseError
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._task import Task

Message = dict[str, Any]


def open_task(task: str) -> Iterator[Message]:
    """Read a task, and show how it begins."""
    for found in _read(task):
        if isinstance(found, dict):
            yield found
        else:
            start = found.setting.read(found.start)
            yield {
                "kind": "task",
                "title": found.title,
                "start": {"text": plain(start), "latex": latex(start)},
            }


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
