"""Grading: submissions a second on one core, memory by their number, nbgrader beside.

Each class is graded in shards, one after the other on one core; it is checked that nobody is
graded twice or left out. What a larger class takes is computed from the rate of the largest.
"""

import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from actgrad.exercises import CHAPTERS
from actgrad.exercises import EXERCISES as BOOK
from actgrad.exercises.exports import nbgrader, write

TITLE = "Grading on one core (six exercises, 1 in 4 answers wrong), in two shards"
EXERCISES = (*CHAPTERS["sigmoid"], BOOK["relu-gradient"])
SIZES = (300, 3000)
SHARDS = 2
ON_PAPER = 30_000
NBGRADER_SIZE = 10
SECRET = "the benchmark's secret, known to all"


def run():
    rows = [_actgrad(size) for size in SIZES]
    seconds = ON_PAPER / rows[-1]["a second"]
    rows.append(_row("actgrad grade, on paper", ON_PAPER, seconds, None))
    rows.append(_nbgrader(NBGRADER_SIZE))
    return rows


def _is_wrong(number, at):
    return (number + at) % 4 == 3


def _answers(number):
    return "\n\n".join(
        item.submission(item.mistakes[0].wrong if _is_wrong(number, at) else item.solution)
        for at, item in enumerate(EXERCISES)
    )


def _row(grader, size, seconds, memory):
    rate = None if seconds is None else size / seconds
    return {
        "grader": grader,
        "submissions": size,
        "seconds": seconds,
        "a second": rate,
        "peak MB": memory,
    }


def _on_one_core():
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})


def _measured(command, folder):
    """Run a command on one core; return its seconds and its own peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        # nbgrader calls a tool of its own environment by name.
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_on_one_core,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:4]} ended with status {process.returncode}")
    unit = 1024 if sys.platform == "linux" else 1024**2
    return time.perf_counter() - began, usage.ru_maxrss / unit


def _actgrad(size):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "secret").write_text(SECRET)
        for number in range(size):
            student = folder / "submissions" / f"student-{number:04}"
            student.mkdir(parents=True)
            (student / "answers.py").write_text(_answers(number))
        command = [sys.executable, "-m", "actgrad", "grade", "submissions", "--jobs", "1"]
        ids = ",".join(item.id for item in EXERCISES)
        command += ["--secret-file", "secret", "--exercises", ids]
        measured, graded = [], []
        for shard in range(1, SHARDS + 1):
            out = folder / f"grades-{shard}.csv"
            words = ["--shard", f"{shard}/{SHARDS}", "--out", out.name]
            measured.append(_measured([*command, *words], folder))
            with out.open(encoding="utf-8", newline="") as file:
                graded += [
                    (row["student"], row["exercise"], row["status"])
                    for row in csv.DictReader(file)
                ]
        once = len({row[:2] for row in graded}) == len(graded) == size * len(EXERCISES)
        right = sum(status == "right" for _, _, status in graded)
        wanted = sum(
            not _is_wrong(number, at) for number in range(size) for at in range(len(EXERCISES))
        )
        if not once or right != wanted:
            raise RuntimeError(f"{len(graded)} rows, {right} right of {wanted}, of {size}")
    seconds, memory = zip(*measured, strict=True)
    return _row("actgrad grade", size, sum(seconds), max(memory))


def _nbgrader(size):
    if importlib.util.find_spec("nbgrader") is None:
        return _row("nbgrader autograde (not installed)", size, None, None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = nbgrader(EXERCISES, "hw", SECRET)
        write(files, folder)
        (folder / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'c'\n"
        )
        tool = [Path(sys.executable).with_name("nbgrader")]
        _measured([*tool, "generate_assignment", "hw", "--create"], folder)
        for number in range(size):
            student = folder / "submitted" / f"student-{number:04}" / "hw"
            write({"hw.ipynb": files["source/hw/hw.ipynb"]}, student)
        seconds, memory = _measured([*tool, "autograde", "hw", "--create"], folder)
    return _row("nbgrader autograde", size, seconds, memory)
