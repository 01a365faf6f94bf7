"""``python -m actgrad grade``: grade a class behind walls, by values alone."""

import argparse
import contextlib
import os
import pathlib
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from actgrad.exercises.cli import _which
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.grading import _run
from actgrad.exercises.grading._inputs import SecretError, read_secret
from actgrad.exercises.grading._sandbox import Limits, SandboxError, choose

# The exit status where a fault of the grader left an answer without a grade.
GRADER_ERROR = 3
MOST_REMARKS = 50
_LOOSE = "lies beside the students' folders: not graded"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``grade``."""
    parser.add_argument(
        "submissions", type=pathlib.Path, help="a folder with one folder a student"
    )
    parser.add_argument(
        "--secret-file",
        type=pathlib.Path,
        required=True,
        help="at least 16 bytes that only instructors know: the inputs are drawn from them",
    )
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, help="the grades, a .csv file"
    )
    _which.configure(parser)
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="submissions at a time"
    )
    walls = parser.add_mutually_exclusive_group()
    walls.add_argument("--sandbox", choices=("auto", "bubblewrap", "uid"), default="auto")
    walls.add_argument(
        "--no-sandbox",
        action="store_true",
        help="DANGEROUS: run submissions with the rights of this account",
    )
    defaults = Limits()
    parser.add_argument(
        "--time-limit", type=float, default=defaults.exercise, help="seconds an exercise"
    )
    parser.add_argument(
        "--memory-limit", type=int, default=defaults.memory >> 20, help="MB a submission"
    )
    parser.add_argument(
        "--size-limit", type=int, default=defaults.upload, help="bytes of files a submission"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="grade everybody again: forget the journal"
    )
    parser.add_argument(
        "--student",
        action="append",
        default=[],
        metavar="NAME",
        help="grade this one again, changed or not; may stand several times",
    )
    parser.add_argument(
        "--shard",
        default="1/1",
        metavar="I/N",
        help="grade one share of the class, such as 1/4",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Grade, say what happened and what is odd, and return the exit status."""
    stop = threading.Event()
    report = _run.Report(sys.stderr)
    try:
        _check(options)
        which = _which.chosen(options)
        limits = _limits(options)
        secret = read_secret(options.secret_file)
        _run.students(options.submissions)
        if options.secret_file.resolve().is_relative_to(options.submissions.resolve()):
            raise _run.RunError("the secret lies among the submissions; move it elsewhere")
        if options.out.resolve().is_relative_to(options.submissions.resolve()):
            raise _run.RunError(
                f"--out {options.out} lies among the submissions; give another folder"
            )
        hidden = [options.secret_file, options.submissions, pathlib.Path(__file__).parents[1]]
        if which.catalogue:
            hidden.append(which.catalogue)
        wish = "none" if options.no_sandbox else options.sandbox
        paths = [str(path.resolve()) for path in hidden]
        with choose(wish, limits, paths, which.allow) as walls:
            _say(f"{'WARNING: ' * options.no_sandbox}sandbox: {walls.name} ({walls.promise})")
            order = _run.Order(
                submissions=options.submissions,
                exercises=which.exercises,
                secret=secret,
                out=options.out,
                walls=walls,
                limits=limits,
                jobs=options.jobs,
                assignment=which.title,
                catalogue=which.catalogue,
                shard=_shard(options.shard),
                again=frozenset(options.student),
            )
            with _stopped_by_signals(stop):
                done = _run.run(order, report, stop, options.fresh)
    except (InputError, SecretError, SandboxError, _run.RunError) as error:
        return _fail(str(error), 2)
    except KeyboardInterrupt:
        return _fail(
            f"interrupted; the grades so far are in {options.out}; the same command goes on",
            130,
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _fail(
            f"{error.strerror}{where}; the grades so far are in {options.out} and its journal; "
            "the same command goes on",
            1,
        )
    _tell([f"{name} {_LOOSE}" for name in _run.loose(options.submissions)] + done.problems)
    _say(f"{done.graded_now} graded now; grades: {options.out}; feedback: {order.feedback}")
    if report.faults:
        return _fail(f"faults of the grader: {report.faults}, named above", GRADER_ERROR)
    return 0


def _check(options: argparse.Namespace) -> None:
    if sys.platform == "win32":
        raise _run.RunError(
            "Windows has no walls for submissions, so grading is not supported there; run this "
            "in WSL or in a Linux container (practice and the book work on Windows)"
        )
    if options.out.suffix != ".csv":
        raise _run.RunError(f"--out {options.out}: the name of the grades must end in .csv")


def _tell(remarks: Sequence[str]) -> None:
    """Name what an instructor should look at: one line each."""
    for remark in remarks[:MOST_REMARKS]:
        _say(f"grade: {remark}")
    if len(remarks) > MOST_REMARKS:
        _say(f"grade: {len(remarks) - MOST_REMARKS} remarks more are in the feedback")


def _shard(text: str) -> _run.Shard:
    try:
        return _run.Shard.parse(text)
    except ValueError:
        raise _run.RunError(
            f"--shard {text}: write one share of several, such as 1/4"
        ) from None


def _limits(options: argparse.Namespace) -> Limits:
    if options.jobs < 1 or options.time_limit <= 0 or options.memory_limit < 256:
        raise _run.RunError(
            "--jobs must be at least 1, --time-limit positive, --memory-limit at least 256 (MB)"
        )
    seconds = options.time_limit
    return Limits(
        exercise=seconds,
        load=2 * seconds,
        submission=12 * seconds,
        cpu=max(1, round(6 * seconds)),
        memory=options.memory_limit << 20,
        upload=options.size_limit,
    )


@contextlib.contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Turn the first Ctrl-C or SIGTERM into a request, a second one into an interrupt."""

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {
        number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _fail(text: str, status: int) -> int:
    for line in text.splitlines():
        _say(f"grade: {line}")
    return status
