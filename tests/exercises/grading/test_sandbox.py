"""The walls and the door: proved from inside, decoded with distrust."""

import math
import struct
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgrad.exercises.grading import _sandbox
from actgrad.exercises.grading._sandbox import (
    KINDS,
    Child,
    ChildFault,
    Limits,
    SandboxError,
    choose,
    decoded,
    prove,
    unprotected,
)

LIMITS = Limits(load=5.0, exercise=2.0)


@pytest.fixture(scope="module")
def walls():
    try:
        with choose("auto", LIMITS, []) as found:
            yield found
    except SandboxError as error:
        pytest.skip(str(error))


def ask(walls, source, name, *arguments, seconds=5.0, room=10_000):
    with Child(walls, LIMITS) as child:
        deadline = time.monotonic() + seconds
        child.load([("answers.py", source.encode())], deadline)
        return child.call(name, arguments, room, deadline)


def test_values_come_back_exactly(walls):
    array = np.array([[0.1, -0.0, 5e-324], [np.inf, np.nan, 1.7e308]])
    reply = ask(walls, "def f(x, k): return x, k, x.shape[0], True", "f", array, 3)
    assert reply.kind == "values"
    assert reply.values[0].tobytes() == array.tobytes()
    assert [float(value) for value in reply.values[1:]] == [3.0, 2.0, 1.0]


def test_arguments_keep_their_kinds(walls):
    source = "def f(a, b, c): return float(isinstance(b, float)), float(a.dtype.kind == 'i'), c"
    reply = ask(walls, source, "f", np.arange(3), 2.5, np.zeros((2, 0, 3)))
    assert [float(value) for value in reply.values[:2]] == [1.0, 1.0]
    assert reply.values[2].shape == (2, 0, 3)


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("", "missing", ""),
        ("def f(x): pass", "nothing", ""),
        ("def f(x): raise NotImplementedError", "nothing", ""),
        ("def f(x): return x / 'a'", "error", "TypeError"),
        ("def f(): return 1", "error", "positional argument"),
        ("f = 3", "error", "not callable"),
        ("def f(x): return 1j", "error", "real numbers"),
        ("def f(x): return 'text'", "error", "real numbers"),
        ("def f(x): return [[1], [1, 2]]", "error", "ValueError"),
        ("import scipy\ndef f(x): return 1", "values", ""),
    ],
)
def test_kinds_of_reply(walls, source, kind, says):
    reply = ask(walls, source, "f", np.ones(2))
    assert reply.kind == kind
    assert says in reply.text


def test_a_student_may_split_work_over_files(walls):
    files = [
        ("homework/answers.py", b"from helpers import double\ndef f(x): return double(x)\n"),
        ("homework/helpers.py", b"def double(x): return 2 * x\n"),
    ]
    with Child(walls, LIMITS) as child:
        deadline = time.monotonic() + 5
        notes = child.load(files, deadline).text
        assert notes == ""
        assert child.call("f", [np.ones(1)], 100, deadline).values[0] == 2.0


def test_a_failing_statement_costs_only_itself(walls):
    source = "import nothing_of_the_kind\n1 / 0\ndef f(x): return x\nundefined\n"
    with Child(walls, LIMITS) as child:
        deadline = time.monotonic() + 5
        notes = child.load([("answers.py", source.encode())], deadline).text.splitlines()
        assert [note.split(":")[0] for note in notes] == [
            f"answers.py, line {line}" for line in (1, 2, 4)
        ]
        assert child.call("f", [np.ones(1)], 100, deadline).kind == "values"


def test_time_limit_is_kept(walls):
    began = time.monotonic()
    with pytest.raises(ChildFault) as fault:
        ask(walls, "def f(x):\n    while True: pass", "f", 1.0, seconds=0.7)
    assert fault.value.kind == "time limit"
    assert 0.6 < time.monotonic() - began < 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_sandbox_that_shows_the_solutions_is_not_used(kind):
    try:
        with choose(kind, LIMITS, []):
            pass
    except SandboxError:
        pytest.skip(f"{kind} does not work on this machine")
    # What is visible by design stands in for a hole in the wall.
    with (
        pytest.raises(SandboxError, match="can still see the solutions"),
        choose(kind, LIMITS, [str(_sandbox.STANDARD_LIBRARY)]),
    ):
        pass


def test_the_probe_finds_that_there_are_no_walls():
    with unprotected() as walls, pytest.raises(SandboxError, match="can still"):
        prove(walls, LIMITS, [_sandbox.__file__])


def test_without_any_sandbox_it_refuses_and_says_why(monkeypatch):
    monkeypatch.setattr(_sandbox.shutil, "which", lambda name: None)
    monkeypatch.setattr(_sandbox.os, "geteuid", lambda: 1000)
    with pytest.raises(SandboxError) as error, choose("auto", LIMITS, []):
        pass
    for word in ("bubblewrap", "root", "--no-sandbox", "nothing was run"):
        assert word in str(error.value)


def test_a_broken_bubblewrap_is_noticed(monkeypatch, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(_sandbox.shutil, "which", lambda name: str(broken))
    with pytest.raises(SandboxError, match="does not run"), choose("bubblewrap", LIMITS, []):
        pass


def number(value):
    return struct.pack("<Q", value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"X",
        b"Nx",
        b"Mx",
        b"V",
        b"V" + number(0),
        b"V" + number(2**63),
        b"V" + number(1),
        b"V" + number(1) + number(9),
        b"V" + number(1) + number(2**60),
        b"V" + number(1) + number(0),
        b"V" + number(1) + number(0) + bytes(7),
        b"V" + number(1) + number(0) + bytes(9),
        b"V" + number(1) + number(1) + number(2**61) + bytes(8),
        b"V" + number(1) + number(2) + number(2**32) + number(2**32) + bytes(8),
        b"V" + number(1) + number(2) + number(0) + number(2**62),
        b"V" + number(9) + (number(0) + bytes(8)) * 9,
    ],
)
def test_a_false_reply_is_refused(body):
    with pytest.raises((ValueError, struct.error)):
        decoded(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(body):
    try:
        reply = decoded(b"V" + body)
    except (ValueError, struct.error):
        return
    assert sum(8 * math.prod(value.shape) for value in reply.values) <= len(body)
