"""A whole proof, line by line, up to the first line that is not equal to the one above."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from actgrad.derivations._forms import order_form
from actgrad.derivations._line import CheckedLine
from actgrad.derivations._parse import ParseError
from actgrad.derivations._task import Reached, Task

MOST_LINES = 60
# A line that takes more rules than this at once shows none of them.
MOST_RULES = 3


@dataclass(frozen=True)
class CheckedProof:
    """What `check_proof` says of a proof.

    Parameters
    ----------
    lines
        The verdict on each line after the start; the last one may be the first that is wrong.
    reached
        Whether the last line is what was asked for; not looked at where a line is not equal.
    """

    lines: tuple[CheckedLine, ...]
    reached: Reached

    def __bool__(self) -> bool:
        return bool(self.lines) and all(self.lines) and bool(self.reached)

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules that its equal lines show, at most a few a line."""
        shown = (line.named.rules for line in self.lines if line)
        used = (one for some in shown if len(some) <= MOST_RULES for one in some)
        return tuple(dict.fromkeys(one.rule.name for one in used))

    def __repr__(self) -> str:
        said = [f"{number}. {line.after}\n   {line.message}" for number, line in self._numbered]
        return "\n".join([*said, repr(self.reached)] if all(self.lines) else said)

    @property
    def _numbered(self) -> list[tuple[int, CheckedLine]]:
        return list(enumerate(self.lines, 1))

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "lines": [line.to_dict() for line in self.lines],
            "rules": list(self.rules),
            "right": bool(self),
            "open": list(self.reached.open),
        }


def check_proof(task: Task, text: str) -> CheckedProof:
    r"""Judge a proof, a line a row.

    Parameters
    ----------
    task
        Where it starts, and what its lines share.
    text
        The lines; an equals sign before a line is left out, and so are empty rows and a first
        line that is the start.

    Returns
    -------
    CheckedProof
        True if every line is equal to the one above and the last is what was asked for.

    Raises
    ------
    ParseError
        If the task itself cannot be read.
    ValueError
        If the text has more than 60 lines.

    Examples
    --------
    >>> proof = check_proof(Task("d/dx(x*e^x)"), "e^x + x d/dx(e^x)\n= e^x + x e^x")
    >>> bool(proof), proof.rules
    (True, ('product rule', 'exponential rule'))
    """
    rows = [row.strip() for row in text.splitlines()]
    rows = [row for row in rows if row]
    if len(rows) > MOST_LINES:
        raise ValueError(f"{len(rows)} lines are too many: at most {MOST_LINES}")
    start = task.setting.read(task.start)
    if rows and _is_the_start(task, start, rows[0]):
        del rows[0]
    before: Any = start
    checked: list[CheckedLine] = []
    for row in rows:
        found = task.check(before, row)
        checked.append(found)
        if not found:
            return CheckedProof(tuple(checked), Reached(("a line is not equal",)))
        before = task.setting.read(row)
    return CheckedProof(tuple(checked), task.reached(before))


def _is_the_start(task: Task, start: Any, row: str) -> bool:
    try:
        return order_form(task.setting.read(row)) == order_form(start)
    except (ParseError, TypeError, ValueError):
        return False


def main() -> None:
    """Read a task and a text as JSON, print the verdict as JSON, within bounds of memory."""
    import resource

    given = json.loads(sys.stdin.buffer.read())
    for name, bound in (
        (resource.RLIMIT_AS, given["memory"]),
        (resource.RLIMIT_CPU, given["cpu"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (bound, bound))
    proof = check_proof(Task.from_dict(given["task"]), given["text"])
    print(json.dumps(proof.to_dict()))
