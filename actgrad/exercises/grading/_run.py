"""Grade a class: in parallel, with progress, and so that an interruption costs nothing.

Every graded student is appended to a journal beside the grades and synced to the disk before
the next step. A run that finds a journal takes over what is in it, where the submission, the
exercises and the secret are still the same.
"""

import contextlib
import csv
import fcntl
import hashlib
import json
import os
import pathlib
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TextIO

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.grading import _feedback, _submission
from actgrad.exercises.grading._inputs import keyed
from actgrad.exercises.grading._judge import Graded, Row, grade_submission
from actgrad.exercises.grading._sandbox import Limits, SandboxError, Walls

COLUMNS = ("student", "exercise", "points", "max_points", "status")


class RunError(RuntimeError):
    """The run cannot begin or go on; the message says why, and where the grades so far are."""


@dataclass(frozen=True)
class Order:
    """What to grade, with what, and where the results go."""

    submissions: pathlib.Path
    exercises: tuple[Exercise, ...]
    secret: bytes = field(repr=False)
    out: pathlib.Path
    feedback: pathlib.Path
    walls: Walls
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1


def students(folder: pathlib.Path) -> list[pathlib.Path]:
    """Return the folders of the students, in order.

    Raises
    ------
    RunError
        Where there are none; the message says what form is expected.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise RunError(f"the submissions cannot be read: {folder}: {error.strerror}") from None
    found = [item for item in entries if item.is_dir() and not item.name.startswith(".")]
    if not found:
        files = sum(item.is_file() for item in entries)
        raise RunError(
            f"no student in {folder}: it needs one folder a student, holding .py or .ipynb "
            f"files; it holds {files} file{'s' * (files != 1)} and no folder"
        )
    return found


class Journal:
    """The grades so far, one line a student, each synced before it counts."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self._places: dict[tuple[str, str], int] = {}
        self._latest: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> "Journal":
        self._file = self.path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise RunError(f"another run is writing to {self.path}") from None
        self._file.seek(0)
        whole = 0
        for line in self._file:
            try:
                record = json.loads(line)
                place = (record["student"], record["key"])
            except (ValueError, TypeError, KeyError):
                break
            if not line.endswith(b"\n"):
                break
            self._keep(place, whole)
            whole += len(line)
        # A run that was killed while it wrote leaves half a line: it is cut off.
        self._file.truncate(whole)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __contains__(self, place: tuple[str, str]) -> bool:
        return place in self._places

    def add(self, key: str, graded: Graded) -> None:
        """Write one student's rows so that they survive whatever comes next."""
        rows = [[row.exercise, row.points, row.max_points, row.status] for row in graded.rows]
        record = {"student": graded.student, "key": key, "rows": rows}
        place = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(json.dumps(record).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            self._discard(place)
            raise
        self._keep((graded.student, key), place)

    def _keep(self, place: tuple[str, str], at: int) -> None:
        self._places[place] = at
        self._latest[place[0]] = place

    def latest(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the newest place of each of these students that has one."""
        return {name: self._latest[name] for name in names if name in self._latest}

    def _discard(self, place: int) -> None:
        """Take half a line back, past the buffer that still holds the rest of it."""
        with contextlib.suppress(OSError):
            self._file.detach()
        self._file = self.path.open("r+b")
        self._file.truncate(place)

    def rows(self, place: tuple[str, str]) -> list[list[Any]]:
        """Return the rows of one student."""
        self._file.seek(self._places[place])
        rows: list[list[Any]] = json.loads(self._file.readline())["rows"]
        return rows


def edition(exercises: Sequence[Exercise], limits: Limits) -> str:
    """Return a hash of what the grades depend on besides the submission and the secret."""
    state = hashlib.sha256(repr(limits).encode())
    for exercise in exercises:
        state.update(f"{exercise.id}\0{exercise.points}\0{exercise.solution}\0".encode())
    return state.hexdigest()


def run(order: Order, report: "Report", stop: threading.Event, fresh: bool = False) -> int:
    """Grade every student who is not in the journal yet, then write the grades.

    Parameters
    ----------
    order : Order
    report : Report
    stop : Event
        Set by a signal: the run ends between two students, never within one's bookkeeping.
    fresh : bool
        Forget the journal first.

    Returns
    -------
    int
        How many students were graded in this run.

    Raises
    ------
    RunError, OSError, KeyboardInterrupt
        The grades so far are in ``order.out`` and in the journal.
    """
    folders = students(order.submissions)
    path = order.out.with_name(order.out.name + ".journal")
    order.out.parent.mkdir(parents=True, exist_ok=True)
    order.feedback.mkdir(parents=True, exist_ok=True)
    if fresh:
        path.unlink(missing_ok=True)
    graded_now = done = 0
    with Journal(path) as journal:
        # Where this run is interrupted, the students it did not reach keep what they had.
        places = journal.latest(folder.name for folder in folders)
        try:
            for place, graded in _graded(order, folders, journal, stop):
                done += 1
                if graded is not None:
                    _write_feedback(order.feedback, graded)
                    journal.add(place[1], graded)
                    graded_now += 1
                places[place[0]] = place
                report.step(done, len(folders), graded_now)
        finally:
            # Interrupted or not: whoever opens the file finds all that is known.
            write_grades(order.out, journal, [places[name] for name in sorted(places)])
    return graded_now


def _graded(
    order: Order, folders: Sequence[pathlib.Path], journal: Journal, stop: threading.Event
) -> Iterator[tuple[tuple[str, str], Graded | None]]:
    """Yield each student's place in the journal, with the grades where they are new."""
    state = edition(order.exercises, order.limits)

    def one(folder: pathlib.Path) -> tuple[tuple[str, str], Graded | None]:
        submission = _submission.read(folder, order.limits.upload)
        key = keyed(order.secret, submission.student, submission.digest, state).hex()
        place = (submission.student, key)
        if place in journal:
            return place, None
        try:
            return place, grade_submission(
                submission, order.exercises, order.secret, order.walls, order.limits
            )
        except (OSError, SandboxError):
            raise
        except Exception as error:
            # A fault of ours must not cost the class its grades. Under another key, so that
            # the next run tries again.
            rows = [Row(item.id, 0, item.points, "not loaded") for item in order.exercises]
            note = f"the grader failed: {type(error).__name__}: {error}"
            failed = Graded(submission.student, tuple(rows), (note,))
            return (submission.student, f"{key}-failed"), failed

    waiting = iter(folders)
    with ThreadPoolExecutor(order.jobs) as pool:
        running: set[Future[tuple[tuple[str, str], Graded | None]]] = set()
        try:
            while True:
                # A short queue: memory does not grow with the number of submissions.
                while len(running) < 2 * order.jobs and (folder := next(waiting, None)):
                    running.add(pool.submit(one, folder))
                if not running:
                    return
                finished, running = wait(running, 0.2, FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                if stop.is_set():
                    raise KeyboardInterrupt
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _write_feedback(folder: pathlib.Path, graded: Graded) -> None:
    place = folder / graded.student
    place.mkdir(exist_ok=True)
    _replace(place / "feedback.md", _feedback.markdown(graded))
    _replace(place / "results.json", _feedback.gradescope_text(graded))


def _replace(path: pathlib.Path, text: str) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=".", delete=False, encoding="utf-8", errors="replace"
    ) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def write_grades(
    path: pathlib.Path, journal: Journal, places: Sequence[tuple[str, str]]
) -> None:
    """Write the grades as CSV, whole or not at all."""
    with tempfile.NamedTemporaryFile(
        "w",
        dir=path.parent,
        prefix=f".{path.name}.",
        delete=False,
        encoding="utf-8",
        errors="backslashreplace",
        newline="",
    ) as file:
        try:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for place in places:
                for row in journal.rows(place):
                    writer.writerow([safe(place[0]), *row])
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def safe(name: str) -> str:
    """Keep a spreadsheet from taking a student's name for a formula."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name


class Report:
    """The progress of a run on a stream: a bar on a terminal, a line per tenth elsewhere."""

    WIDTH = 30

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar = stream.isatty()
        self._tenth = -1

    def step(self, done: int, total: int, now: int) -> None:
        """Show that ``done`` of ``total`` students have grades, ``now`` of them new."""
        if self._bar:
            full = self.WIDTH * done // total
            bar = "#" * full + "." * (self.WIDTH - full)
            end = "\n" if done == total else ""
            self._stream.write(f"\r[{bar}] {done}/{total} students, {now} graded now{end}")
        elif 10 * done // total > self._tenth:
            self._tenth = 10 * done // total
            self._stream.write(f"{done}/{total} students, {now} graded now\n")
        self._stream.flush()


__all__ = ["Order", "Report", "Row", "RunError", "run"]
