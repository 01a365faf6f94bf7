"""What an instructor wants to know of a class: rates, mistakes by name, identical answers."""

import html
import pathlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.course._assignment import Assignment
from actgrad.exercises.course._gradebook import JOURNAL, newest
from actgrad.exercises.grading._judge import quoted

# Answers of fewer parts, such as a one-line formula, are alike without anybody's help.
SMALLEST_COPY = 32
MOST_MISTAKES = 5
MOST_ANSWERS = 3
MOST_NAMES = 30
STATUSES = ("right", "partly right", "wrong", "not attempted")


@dataclass
class Summary:
    """What became of one exercise."""

    exercise: Exercise
    statuses: Counter[str] = field(default_factory=Counter)
    points: list[int] = field(default_factory=list)
    mistakes: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    fingerprints: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, student: str, row: dict[str, Any]) -> None:
        """Count one student's answer."""
        self.statuses[row["status"]] += 1
        if row["status"] != "grader error":
            self.points.append(row["points"])
        if row["mistake"]:
            self.mistakes[row["mistake"]] += 1
        if row.get("answer"):  # journals of earlier versions have none
            self.answers[row["answer"]] += 1
        if row["seconds"]:
            self.seconds.append(row["seconds"])
        if row["fingerprint"]:
            self.fingerprints[row["fingerprint"]].append(student)

    @property
    def copies(self) -> list[tuple[int, list[str]]]:
        """The size of each answer that several students have, and who has it; large first."""
        found = [
            (int(fingerprint.partition(":")[0]), sorted(students))
            for fingerprint, students in self.fingerprints.items()
            if len(students) > 1
        ]
        return sorted((item for item in found if item[0] >= SMALLEST_COPY), reverse=True)


@dataclass(frozen=True)
class Block:
    """A piece of the report: a heading, a paragraph, a list, or a table with its head."""

    kind: str
    rows: Sequence[Sequence[str]]


def summaries(assignment: Assignment, grades: Sequence[pathlib.Path]) -> dict[str, Summary]:
    """Read the journals of one or several runs.

    Parameters
    ----------
    assignment : Assignment
    grades : sequence of Path
        What ``grade`` wrote: the journal stands beside it.

    Raises
    ------
    InputError
        Where a journal cannot be read.
    """
    found = {exercise.id: Summary(exercise) for exercise in assignment.exercises}
    for path in grades:
        journal = path if path.suffix == JOURNAL else path.with_name(path.name + JOURNAL)
        for student, rows in newest(journal, lambda graded: graded["rows"]).items():
            for row in rows:
                if row["exercise"] in found:
                    found[row["exercise"]].add(student, row)
    return found


def report(assignment: Assignment, found: dict[str, Summary]) -> list[Block]:
    """Return the report, piece by piece."""
    students = max((sum(item.statuses.values()) for item in found.values()), default=0)
    blocks = [
        said("heading", f"Report: {assignment.title}"),
        said("paragraph", f"{students} students. {_POINTS}"),
        Block("table", [_HEAD, *(_line(item) for item in found.values())]),
        said("subheading", "Mistakes"),
    ]
    for item in found.values():
        blocks += _mistakes(item)
    copies = [_copy(item, size, who) for item in found.values() for size, who in item.copies]
    return [
        *blocks,
        said("subheading", "Identical answers"),
        said("paragraph", _COPIES),
        Block("list", copies or [["None."]]),
    ]


def said(kind: str, text: str) -> Block:
    """Return a heading or a paragraph."""
    return Block(kind, [[text]])


_POINTS = "Points are those before weights, lateness and what was decided by hand."
_COPIES = (
    "Functions whose code is the same but for comments, spacing and the names of their "
    f"variables, from {SMALLEST_COPY} syntactic parts on. A reason to look, not a proof."
)
_HEAD = ("exercise", "id", *STATUSES, "other", "mean points", "seconds: median", "longest")


def _line(item: Summary) -> tuple[str, ...]:
    total = sum(item.statuses.values())
    other = total - sum(item.statuses[status] for status in STATUSES)
    rates = [_percent(item.statuses[status], total) for status in STATUSES]
    mean = f"{statistics.fmean(item.points):.2f}" if item.points else "-"
    return (
        item.exercise.title,
        item.exercise.id,
        *rates,
        _percent(other, total),
        f"{mean} of {item.exercise.points}",
        f"{statistics.median(item.seconds):.3f}" if item.seconds else "-",
        f"{max(item.seconds):.3f}" if item.seconds else "-",
    )


def _percent(count: int, total: int) -> str:
    return f"{count} ({count / total:.0%})" if total else "0"


def _commonest(counted: Counter[str], most: int) -> list[tuple[str, int]]:
    # Ties by name: students are graded side by side, in an order that nobody knows.
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]


def _mistakes(item: Summary) -> Iterable[Block]:
    failed = sum(item.statuses[status] for status in ("wrong", "partly right", "error"))
    if not failed:
        return
    says = {mistake.id: mistake.says for mistake in item.exercise.mistakes}
    rows = [
        [f"{count} × {name}: {says.get(name, '')}"]
        for name, count in _commonest(item.mistakes, MOST_MISTAKES)
    ]
    commonest = _commonest(item.answers, MOST_ANSWERS)
    rows += [[f"{count} × no known mistake: {quoted(answer)}"] for answer, count in commonest]
    unnamed = failed - sum(item.mistakes.values()) - sum(count for _, count in commonest)
    rows += [[f"{unnamed} × no known mistake"]] if unnamed > 0 else []
    yield said("paragraph", f"{item.exercise.title} ({item.exercise.id})")
    yield Block("list", rows)


def _copy(item: Summary, size: int, students: Sequence[str]) -> list[str]:
    more = f" and {len(students) - MOST_NAMES} more" if len(students) > MOST_NAMES else ""
    return [f"{item.exercise.id} ({size} parts): {', '.join(students[:MOST_NAMES])}{more}"]


def markdown(blocks: Sequence[Block]) -> str:
    """Return the report as Markdown."""
    texts = []
    for block in blocks:
        rows = [[_plain(cell) for cell in row] for row in block.rows]
        if block.kind == "table":
            lines = ["| " + " | ".join(row) + " |" for row in rows]
            lines.insert(1, "|---" * len(rows[0]) + "|")
            texts.append("\n".join(lines))
        elif block.kind == "list":
            texts.append("\n".join(f"- {row[0]}" for row in rows))
        else:
            mark = {"heading": "# ", "subheading": "## "}.get(block.kind, "")
            texts.append(mark + rows[0][0])
    return "\n\n".join(texts) + "\n"


def _plain(text: str) -> str:
    # A folder's name can hold anything: it must start no line, cell, tag or image.
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;").replace("[", r"\[")


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{border-bottom:1px solid #bbb;padding:.25rem .6rem;text-align:left}"
)
_TAGS = {"heading": "h1", "subheading": "h2", "paragraph": "p"}


def page(blocks: Sequence[Block]) -> str:
    """Return the report as an HTML page that needs no other file."""
    title = html.escape(blocks[0].rows[0][0])
    parts = []
    for block in blocks:
        rows = [[html.escape(cell) for cell in row] for row in block.rows]
        if block.kind == "table":
            head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
            body = "".join(
                "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n"
                for row in rows[1:]
            )
            parts.append(f"<table>\n<tr>{head}</tr>\n{body}</table>")
        elif block.kind == "list":
            parts.append("<ul>" + "".join(f"<li>{row[0]}</li>\n" for row in rows) + "</ul>")
        else:
            tag = _TAGS[block.kind]
            parts.append(f"<{tag}>{rows[0][0]}</{tag}>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


FORMS = {".md": markdown, ".html": page}
