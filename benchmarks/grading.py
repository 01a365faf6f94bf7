"""Grading: submissions a second on one core, memory by their number, nbgrader beside."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from actgrad.exercises import EXERCISES
from actgrad.exercises.exports import nbgrader, write

TITLE = "Grading on one core (sigmoid-gradient, 1 in 4 submissions wrong)"
EXERCISE = EXERCISES["sigmoid-gradient"]
SIZES = (100, 1000)
NBGRADER_SIZE = 10
SECRET = "the benchmark's secret, known to all"


def run():
    rows = [_actgrad(size) for size in SIZES]
    rows.append(_nbgrader(NBGRADER_SIZE))
    return rows


def _answer(number):
    return EXERCISE.mistakes[0].wrong if number % 4 == 3 else EXERCISE.solution


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
            (student / "answers.py").write_text(EXERCISE.submission(_answer(number)))
        command = [sys.executable, "-m", "actgrad", "grade", "submissions", "--jobs", "1"]
        command += ["--secret-file", "secret", "--out", "grades.csv"]
        seconds, memory = _measured([*command, "--exercises", EXERCISE.id], folder)
        graded = (folder / "grades.csv").read_text().splitlines()[1:]
        right = sum(line.endswith(",right") for line in graded)
        if len(graded) != size or right != size - size // 4:
            raise RuntimeError(f"{len(graded)} rows, {right} right, of {size}")
    return _row("actgrad grade", size, seconds, memory)


def _nbgrader(size):
    if importlib.util.find_spec("nbgrader") is None:
        return _row("nbgrader autograde (not installed)", size, None, None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = nbgrader([EXERCISE], "hw", SECRET)
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
