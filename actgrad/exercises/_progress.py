"""What of the exercises is done and what comes next, kept in a file beside the notebooks."""

import datetime
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.catalog import CHAPTERS, EXERCISES, near

FILE = "actgrad-progress.jsonl"
# The verdicts on an attempt; a starter is none.
TRIES = ("right", "wrong", "not gradable")

_session: list[dict[str, Any]] = []


def keep(id: str, status: str) -> None:
    """Remember the verdict on an attempt: in this session and, in a notebook, in the file.

    Each verdict is a line of its own, so that notebooks that are open side by side lose none.
    """
    if status not in TRIES:
        return
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"exercise": id, "status": status, "when": now}
    _session.append(line)
    path = Path(FILE)
    try:
        # A script's folder is no place for a file that nobody asked for.
        if _in_a_notebook() or path.exists():
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    except OSError:
        pass  # a folder that cannot be written: the session remembers


def _in_a_notebook() -> bool:
    # A notebook's kernel has imported IPython; without it, this need not.
    python: Any = sys.modules.get("IPython")
    return python is not None and hasattr(python.get_ipython(), "kernel")


def _lines() -> Iterator[dict[str, Any]]:
    """Yield the verdicts in the file, then those of this session."""
    try:
        text = Path(FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    for line in text.splitlines():
        try:
            found = json.loads(line)
            if isinstance(found["exercise"], str) and found["status"] in TRIES:
                yield found
        except (ValueError, KeyError, TypeError):
            continue  # half a line, or not ours: it says nothing
    yield from _session


@dataclass(frozen=True)
class Progress:
    """How far one is: what is right, what was tried, what comes next.

    A notebook shows it as a table, the Python prompt as text.

    Parameters
    ----------
    exercises : tuple of Exercise
        What is asked about, in the book's order.
    right, tried : frozenset of str
        Ids; what was right once stays right.
    """

    exercises: tuple[Exercise, ...]
    right: frozenset[str]
    tried: frozenset[str]

    @property
    def open(self) -> tuple[Exercise, ...]:
        """What is not right yet."""
        return tuple(item for item in self.exercises if item.id not in self.right)

    @property
    def next(self) -> Exercise | None:
        """What was tried and is not right yet, else the first after the last right one."""
        tried = [item for item in self.open if item.id in self.tried]
        done = [n for n, item in enumerate(self.exercises) if item.id in self.right]
        after = self.exercises[done[-1] + 1 :] if done else ()
        return next(iter([*tried, *after, *self.open]), None)

    def _rows(self) -> list[tuple[str, int, int, int]]:
        found = []
        for chapter in dict.fromkeys(item.chapter for item in self.exercises):
            items = [item for item in self.exercises if item.chapter == chapter]
            left = [item for item in items if item.id not in self.right]
            minutes = sum(item.minutes for item in left)
            found.append((chapter, len(items) - len(left), len(items), minutes))
        return found

    def _said(self, code: str) -> str:
        done = len(self.exercises) - len(self.open)
        text = f"{done} of {len(self.exercises)} right"
        if self.next is None:
            return f"{text}."
        try_it = "try again" if self.next.id in self.tried else "next"
        name = f"{code}{self.next.id}{code}"
        minutes = f"about {self.next.minutes} min"
        return f"{text}; {try_it}: {self.next.title} ({name}, {self.next.chapter}, {minutes})."

    def __repr__(self) -> str:
        rows = self._rows()
        wide = max((len(row[0]) for row in rows), default=0)
        lines = [f"{name:{wide}}  {done:2} of {n:2}" for name, done, n, _ in rows]
        return "\n".join([*lines, self._said("")])

    def _repr_markdown_(self) -> str:
        rows = [
            f"| {name} | {done} of {count} | {f'{minutes} min' if minutes else ''} |"
            for name, done, count, minutes in self._rows()
        ]
        head = ["| chapter | right | left |", "|---|---|---|"]
        return "\n".join([*head, *rows, "", self._said("`")])


def progress(*which: str) -> Progress:
    """Return what is done and what is next.

    In a notebook, `check` and the answer boxes write each verdict into the file
    ``actgrad-progress.jsonl`` beside it; this reads it, in any notebook of the folder and in
    any later session. Elsewhere the session alone is remembered, unless there is such a
    file. Whoever deletes it begins anew.

    Parameters
    ----------
    which : str
        Chapters, such as ``"sigmoid"``, and ids of exercises; the whole book by default.

    Returns
    -------
    Progress

    Raises
    ------
    KeyError
        Where there is no such chapter or exercise; the message names the nearest.

    Examples
    --------
    >>> progress("relu-gradient").next.title
    'The gradient of ReLU'
    """
    chosen: dict[str, Exercise] = {}
    for name in which or CHAPTERS:
        if name not in CHAPTERS and name not in EXERCISES:
            hint = near(str(name), [*CHAPTERS, *EXERCISES])
            raise KeyError(f"there is no chapter and no exercise {str(name)[:80]!r}; {hint}")
        for item in CHAPTERS.get(name) or (EXERCISES[name],):
            chosen[item.id] = item
    lines = list(_lines())
    return Progress(
        tuple(chosen.values()),
        frozenset(line["exercise"] for line in lines if line["status"] == "right"),
        frozenset(line["exercise"] for line in lines),
    )
