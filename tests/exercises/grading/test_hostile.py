"""Submissions that want points without an answer, or harm: none gets either.

One class of hostile students is graded once, through the command line, with an honest student
among them; the tests then look at the rows, at the feedback and at the machine.
"""

import contextlib
import csv
import ctypes
import json
import os
import pathlib
import struct
import subprocess
import sys
import time

import lazy_loader
import psutil
import pytest

from actgrad.exercises import EXERCISES
from actgrad.exercises.grading import _run
from actgrad.exercises.grading._judge import grade_submission
from actgrad.exercises.grading._sandbox import KINDS, Limits, SandboxError, choose, unprotected
from actgrad.exercises.grading._submission import read

GRADED = ("sigmoid-gradient", "sigmoid-second-derivative", "sigmoid-backward-bug")
SECRET = b"a secret of thirty-two bytes ..."
CATALOGUE = pathlib.Path(_run.__file__).resolve().parents[1] / "catalog"
# One class is graded for all tests here, by one worker.
pytestmark = pytest.mark.xdist_group("hostile")

LIMITS = Limits(load=2.0, exercise=1.0, submission=6.0, cpu=5)


def works(name):
    try:
        with choose(name, Limits(), [str(CATALOGUE)]):
            return True
    except SandboxError:
        return False


def call(body):
    """Define the graded functions with this body."""
    return f"""
def sigmoid_gradient(x):
{body}
def sigmoid_backward_bug(y, g):
    return sigmoid_gradient(y)
"""


HONEST = "\n".join(EXERCISES[id].submission(EXERCISES[id].solution) for id in GRADED)

HOMES = [str(pathlib.Path(lazy_loader.__file__).parents[1]), str(CATALOGUE.parents[2])]

HOSTILE = {
    "loop-at-import": "while True: pass",
    "loop-in-call": call("    while True: pass"),
    "loop-ignoring-signals": """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
""",
    "loop-catching-everything": """
while True:
    try:
        while True: pass
    except BaseException:
        pass
""",
    "sleep": "import time\ntime.sleep(10_000)",
    "memory-bomb": "a = [0]\nwhile True: a += a",
    "memory-bomb-numpy": call(
        "    import numpy as np\n    return [np.ones(10**9) for _ in range(1000)]"
    ),
    "huge-integer": call("    return 10 ** 10 ** 8"),
    "fork-bomb": """
import os
while True:
    try: os.fork()
    except OSError: pass
""",
    "spawn": "import subprocess\nsubprocess.Popen(['sleep', '7777'], start_new_session=True)",
    "thread-bomb": """
import threading, time
while True:
    try: threading.Thread(target=time.sleep, args=(9999,), daemon=False).start()
    except RuntimeError: pass
""",
    "file-bomb": """
import os
for folder in ("/tmp", "/var/tmp", "/dev/shm", ".", os.path.expanduser("~")):
    for number in range(100_000):
        try:
            with open(f"{folder}/actgrad-bomb-{number}", "wb") as file: file.write(b"x" * 10**6)
        except OSError: break
""",
    "memory-file": "import os\nfd = os.memfd_create('x')\nos.write(fd, b'x' * 10**8)",
    "stdout-flood": "while True: print('x' * 10**6)",
    "stderr-flood": "import os\nwhile True: os.write(2, b'x' * 10**6)",
    "exit": "import sys\nsys.exit(0)\n" + call("    import sys; sys.exit(0)"),
    "hard-exit-at-import": "import os\nos._exit(0)",
    "hard-exit-in-call": call("    import os; os._exit(0)"),
    "abort": call("    import os; os.abort()"),
    "segfault": call("    import ctypes; ctypes.string_at(0)"),
    "deep-recursion": call(
        "    import sys; sys.setrecursionlimit(10**9); return sigmoid_gradient(x)"
    ),
    "deep-source": "(" * 100_000,
    "patched-testing": """
import numpy as np
for name in ("allclose", "array_equal", "isclose", "all", "array_equiv"):
    setattr(np, name, lambda *a, **k: True)
for name in dir(np.testing):
    if name.startswith("assert"): setattr(np.testing, name, lambda *a, **k: None)
"""
    + call("    return x * 0"),
    "patched-numpy": """
import numpy as np
class Right(float):
    __eq__ = __le__ = __ge__ = lambda *a: True
np.array = np.asarray = np.frombuffer = lambda *a, **k: Right()
"""
    + call("    return x"),
    "patched-modules": """
import sys, types
fake = types.ModuleType("numpy"); fake.array = lambda *a, **k: 1
for name in list(sys.modules):
    if name.startswith(("numpy", "struct", "os", "actgrad")): sys.modules[name] = fake
"""
    + call("    return x"),
    "patched-builtins": """
import builtins
builtins.__import__ = lambda *a, **k: 1
builtins.len = builtins.isinstance = builtins.getattr = lambda *a: True
"""
    + call("    return x"),
    "import-hooks": """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None): raise SystemExit(0)
sys.meta_path.insert(0, Finder()); sys.path_hooks.insert(0, lambda path: 1 / 0)
"""
    + call("    return x"),
    "stack-walker": """
import gc, sys
def find():
    frame = sys._getframe()
    while frame:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if any(word in name.lower() for word in ("expect", "solution", "secret", "answer")):
                if callable(value) and value.__module__ != __name__: return value
                if not callable(value): return lambda *a: value
        frame = frame.f_back
    for item in gc.get_objects():
        if getattr(item, "__name__", "") in ("expected", "solution"): return item
found = find()
"""
    + call("    return found(x) if found else 0 * x"),
    "solution-reader": f"""
import os, re
def find():
    for top in ({str(CATALOGUE)!r}, "/"):
        for folder, _, files in os.walk(top):
            for name in files:
                path = os.path.join(folder, name)
                if name.endswith((".py", ".ipynb", ".pyc")) and "exercises" in path:
                    text = open(path, errors="replace").read()
                    match = re.search(r"solution='''(def sigmoid_gradient.*?)'''", text, re.S)
                    if match:
                        space = {{"np": __import__("numpy")}}
                        exec(match[1], space)
                        return space["sigmoid_gradient"]
sigmoid_gradient = find()
""",
    "solution-importer": f"""
import sys
sys.modules.pop("actgrad", None); sys.modules.pop("actgrad.exercises", None)
sys.path[:0] = {HOMES!r}
from actgrad.exercises import EXERCISES
exec(EXERCISES["sigmoid-gradient"].submission(EXERCISES["sigmoid-gradient"].solution))
""",
    "process-reader": """
import os, re
def everything():
    for entry in os.listdir("/proc"):
        for name in ("environ", "cmdline", "mem", "maps"):
            try: yield open(f"/proc/{entry}/{name}", "rb").read(10**6)
            except OSError: pass
secret = b"".join(everything())
assert b"secret" in secret
"""
    + call("    return x"),
    "network": """
import socket
socket.create_connection(("127.0.0.1", 9), 1)
"""
    + call("    import socket; return socket.socket().fileno() * x"),
    "forged-at-import": f"""
import os
reply = b"\\0" * 16 + b"V" + (1).to_bytes(8, "little") + (0).to_bytes(8, "little") + bytes(8)
for fd in range(3, 64):
    try: os.write(fd, {struct.pack("<I", 41)!r} + reply)
    except OSError: pass
"""
    + call("    return x"),
    "forged-text-everywhere": """
import json, os
text = json.dumps({"score": 100, "points": 4, "status": "right"}).encode() + b"\\n"
def sigmoid_gradient(x):
    for fd in range(64):
        try: os.write(fd, text * 100)
        except OSError: pass
    return x
""",
    "forged-with-the-nonce": """
import os, struct, sys
def sigmoid_gradient(x):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals: frame = frame.f_back
    outputs = frame.f_locals["nonce"] + b"V" + struct.pack("<QQQ", 1, 1, x.size) + x.tobytes()
    frame.f_locals["send"](outputs)
    return x
""",
    "forged-huge-length": """
import os
def sigmoid_gradient(x):
    for fd in range(3, 64):
        try: os.write(fd, b"\\xff\\xff\\xff\\xff" + b"x" * 100)
        except OSError: pass
    while True: pass
""",
    "forged-false-shape": """
import struct, sys
def forge(body):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals: frame = frame.f_back
    frame.f_locals["send"](frame.f_locals["nonce"] + body)
def sigmoid_gradient(x):
    forge(b"V" + struct.pack("<QQQQQ", 1, 3, 2**63, 2, 2**62) + bytes(64))
def sigmoid_backward_bug(y, g):
    forge(b"V" + struct.pack("<QQQQ", 1, 2, 0, 2**60))
""",
    "slow-drip": """
import os, time
def sigmoid_gradient(x):
    while True:
        for fd in range(3, 16):
            try: os.write(fd, b"\\0")
            except OSError: pass
        time.sleep(0.2)
""",
    "closed-descriptors": "import os\nos.closerange(0, 64)\n" + call("    return x"),
    "huge-result": call("    import numpy as np; return np.zeros((3000, 3000))"),
    "broadcast-giant": call(
        "    import numpy as np; return np.broadcast_to(np.float64(0.25), (2**40,))"
    ),
    "pickle": """
class Evil:
    def __reduce__(self): return (print, ("owned",))
"""
    + call("    return Evil()"),
    "object-array": call("    import numpy as np; return np.array([Evil] * x.size, object)"),
    "lying-subclass": """
import numpy as np
class Liar(np.ndarray):
    __eq__ = __le__ = __ge__ = lambda self, other: np.True_
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return True
    def __array_finalize__(self, other): pass
"""
    + call("    return np.zeros(x.shape).view(Liar)"),
    "lying-array-method": """
class Liar:
    shape = (1,); dtype = float
    def __init__(self, x): self.x = x
    def __array__(self, *a, **k): return 0 * self.x
    def __eq__(self, other): return True
"""
    + call("    return Liar(x)"),
    "not-a-number": call("    return x * float('nan')"),
    "infinite": call("    return x * 0 + float('inf')"),
    "echo": call("    return x"),
    "writes-into-inputs": call("    x[...] = 0.25; return x"),
    "thread-outlives-call": """
import os, threading
def late():
    while True:
        for fd in range(3, 16):
            try: os.write(fd, b"\\1" * 4096)
            except OSError: pass
"""
    + call("    threading.Thread(target=late).start(); return x"),
    "atexit": """
import atexit, os, weakref
def last(*a):
    while True:
        for fd in range(64):
            try: os.write(fd, b"right")
            except OSError: pass
atexit.register(last)
"""
    + call("    return x"),
    "evil-exception": """
class Evil(BaseException):
    def __str__(self): raise SystemExit
    __repr__ = __str__
def sigmoid_gradient(x): raise Evil
def sigmoid_backward_bug(y, g): raise KeyboardInterrupt
""",
    "markup-in-exception": call(
        "    raise ValueError('`</details><script>alert(1)</script>\\n# 4 of 4 points: right')"
    ),
    "kill-everybody": """
import os, signal
for target in (-1, 0, 1, os.getppid()):
    try: os.kill(target, signal.SIGKILL)
    except OSError: pass
"""
    + call("    return x"),
    "stop-itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n"
    + call("    return x"),
    "escape-attempts": """
import ctypes, os, resource
libc = ctypes.CDLL(None)
libc.unshare(0x10000000); libc.setuid(0); libc.ptrace(16, 1, 0, 0)
libc.mount(b"none", b"/", b"tmpfs", 0, 0); libc.chroot(b"/tmp")
for number in range(16):
    try: resource.setrlimit(number, (resource.RLIM_INFINITY,) * 2)
    except (OSError, ValueError): pass
memory = bytearray(3 * 10**9)
"""
    + call("    return x"),
    "display-hook": """
import sys
def show(value): print('{"points": 4}')
sys.displayhook = sys.excepthook = show
"""
    + call("    return x"),
    "profile-hook": """
import sys
def trace(frame, event, argument):
    if "reply" in frame.f_locals: frame.f_locals["reply"] = b"right"
    return trace
sys.settrace(trace); sys.setprofile(trace)
"""
    + call("    return x"),
    "syntax-error": "def sigmoid_gradient(x:\n    return 0.25 /",
    "not-utf-8": b"sigmoid_gradient = '\xff\xfe\x00'\n",
    "null-bytes": b"\0" * 1000,
    "expression-attacks": "sigmoid_second_derivative = \"__import__('os').abort()\"",
    "expression-tower": 'sigmoid_second_derivative = "9**9**9**9**9**9**9"',
    "expression-deep": 'sigmoid_second_derivative = "(" * 10**6',
    "expression-object": """
class Text(str):
    __eq__ = lambda *a: True
    def strip(self): return "y"
    def encode(self, *a): return b"y*(1-y)"
sigmoid_second_derivative = Text("y*(1-y)")
""",
}

NOTEBOOKS = {
    "deep-json": b'{"cells": ' + b"[" * 200_000,
    "not-a-notebook": b"[1, 2, 3]",
    "odd-cells": json.dumps(
        {"cells": [1, None, {"cell_type": "code", "source": {"a": 1}}]}
    ).encode(),
    "shell-magics": json.dumps(
        {
            "cells": [
                {"cell_type": "code", "source": ["!rm -rf /\n", "%run evil.py\n", "x?\n"]},
                {"cell_type": "code", "source": "%%bash\nrm -rf /"},
                {"cell_type": "code", "source": call("    return x")},
            ]
        }
    ).encode(),
    "hundred-megabytes": b'{"cells": []}' + b" " * 100_000_000,
}


def make_class(folder):
    for name, text in HOSTILE.items():
        (folder / name).mkdir(parents=True)
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name / "answers.py").write_bytes(data)
    for name, data in NOTEBOOKS.items():
        (folder / name).mkdir()
        (folder / name / "answers.ipynb").write_bytes(data)
    (folder / "link-to-solution").mkdir()
    (folder / "link-to-solution" / "answers.py").symlink_to(CATALOGUE / "sigmoid.py")
    (folder / "link-to-folder").symlink_to(CATALOGUE)
    (folder / "folder-of-links").mkdir()
    (folder / "folder-of-links" / "deeper").symlink_to(CATALOGUE)
    (folder / "named-pipe").mkdir()
    os.mkfifo(folder / "named-pipe" / "answers.py")
    (folder / "empty-folder").mkdir()
    (folder / "folder-named-py").mkdir()
    (folder / "folder-named-py" / "answers.py").mkdir()
    (folder / "=cmd|' calc'!A1\n,right").mkdir()
    (folder / os.fsdecode(b"not-utf-8-\xff")).mkdir()
    for name in ("an-honest-student", "zz-honest-student"):
        (folder / name).mkdir()
        (folder / name / "answers.py").write_text(HONEST)


@contextlib.contextmanager
def processes_left(seconds=5):
    """Yield a list that holds, at the end, the processes that outlive the block.

    Until then this process is the parent of its descendants' orphans: none gets out of sight.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    pr_set_child_subreaper = 36
    assert libc.prctl(pr_set_child_subreaper, 1, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())
    left = []
    before = set(psutil.Process().children(recursive=True))
    try:
        yield left
        after = set(psutil.Process().children(recursive=True))
        left += psutil.wait_procs(after - before, timeout=seconds)[1]
    finally:
        libc.prctl(pr_set_child_subreaper, 0, 0, 0, 0)


def grade_class(tmp, sandbox):
    submissions = tmp / "submissions"
    submissions.mkdir()
    make_class(submissions)
    secret = tmp / "secret"
    secret.write_bytes(SECRET)
    canary = tmp / "canary"
    canary.write_text("alive")
    out = tmp / "grades.csv"
    command = (
        f"{sys.executable} -m actgrad grade submissions --secret-file secret --out grades.csv "
        f"--sandbox {sandbox} --jobs 2 --time-limit 0.6 --exercises {','.join(GRADED)}"
    )
    with processes_left() as left:
        began = time.monotonic()
        result = subprocess.run(
            command.split(), cwd=tmp, capture_output=True, text=True, timeout=500, check=False
        )
        took = time.monotonic() - began
    assert result.returncode == 0, result.stderr
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        "rows": rows,
        "feedback": tmp / "grades-feedback",
        "took": took,
        "left": left,
        "canary": canary,
        "submissions": submissions,
        "stderr": result.stderr,
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    if not works("bubblewrap"):
        pytest.skip("bubblewrap does not work on this machine")
    return grade_class(tmp_path_factory.mktemp("class"), "bubblewrap")


def points(graded, student):
    return {
        row["exercise"]: (int(row["points"]), row["status"])
        for row in graded["rows"]
        if row["student"] == student
    }


ATTACKS = [*HOSTILE, *NOTEBOOKS, "link-to-solution", "link-to-folder", "folder-of-links"]
ATTACKS += ["named-pipe", "empty-folder", "folder-named-py"]


def test_there_are_enough_kinds():
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("student", ATTACKS)
def test_no_points_that_were_not_computed(graded, student):
    rows = points(graded, student)
    assert set(rows) == set(GRADED)
    assert all(got == 0 for got, _ in rows.values()), rows


@pytest.mark.parametrize("student", ["an-honest-student", "zz-honest-student"])
def test_honest_students_get_full_marks_beside_them(graded, student):
    full = {id: (EXERCISES[id].points, "right") for id in GRADED}
    assert points(graded, student) == full


def test_one_row_for_every_student_and_exercise(graded):
    students = [item.name for item in graded["submissions"].iterdir()]
    assert len(graded["rows"]) == len(students) * len(GRADED)
    seen = {(row["student"], row["exercise"]) for row in graded["rows"]}
    assert len(seen) == len(graded["rows"])


def test_names_can_be_neither_formulas_nor_rows(graded):
    names = {row["student"] for row in graded["rows"]}
    assert "'=cmd|' calc'!A1\n,right" in names
    assert not any(name.startswith(("=", "+", "-", "@")) for name in names)


def test_a_process_that_outlives_a_run_is_seen():
    with processes_left(0.1) as left:
        subprocess.run(["sh", "-c", "setsid sleep 7777 &"], check=True)
    assert [process.name() for process in left] == ["sleep"]
    left[0].kill()


def test_the_machine_is_unharmed(graded):
    assert graded["canary"].read_text() == "alive"
    assert graded["left"] == []
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        assert not list(pathlib.Path(folder).glob("actgrad-bomb-*"))


def test_nobody_delays_the_others_beyond_the_limit(graded):
    # 12 times the time limit a submission, two at a time, is the promise.
    assert graded["took"] < len(ATTACKS) * 0.6 * 12 / 2 + 30


def test_what_a_submission_says_stays_a_quotation(graded):
    text = (graded["feedback"] / "markup-in-exception" / "feedback.md").read_text()
    assert "\n# 4 of 4" not in text
    inside = [line for line in text.splitlines() if "<script>" in line]
    assert inside
    assert all("`ValueError: '</details><script>" in line for line in inside)


def test_feedback_is_gradescope_json_for_everyone(graded):
    for folder in graded["feedback"].iterdir():
        results = json.loads((folder / "results.json").read_text())
        assert len(results["tests"]) == len(GRADED)
        assert results["score"] == sum(test["score"] for test in results["tests"])


def test_feedback_names_no_other_student(graded):
    for folder in graded["feedback"].iterdir():
        text = (folder / "feedback.md").read_text() + (folder / "results.json").read_text()
        assert "honest-student" not in text
        assert "loop-at-import" not in text


def statuses(graded, student):
    return {status for _, status in points(graded, student).values()}


@pytest.mark.parametrize(
    ("student", "status"),
    [
        ("loop-at-import", "time limit"),
        ("loop-in-call", "time limit"),
        ("loop-ignoring-signals", "time limit"),
        ("hard-exit-at-import", "crashed"),
        ("hard-exit-in-call", "crashed"),
        ("segfault", "crashed"),
        ("forged-at-import", "crashed"),
        ("memory-bomb-numpy", "error"),
        ("network", "error"),
        ("echo", "wrong"),
        ("lying-subclass", "wrong"),
        ("syntax-error", "not attempted"),
        ("empty-folder", "not loaded"),
        ("hundred-megabytes", "not loaded"),
        ("link-to-solution", "not loaded"),
        ("named-pipe", "not loaded"),
    ],
)
def test_the_status_says_what_happened(graded, student, status):
    assert status in statuses(graded, student), points(graded, student)


@pytest.mark.slow
def test_the_whole_set_behind_a_dropped_uid(tmp_path):
    if not works("uid"):
        pytest.skip("dropping the user id does not work on this machine")
    graded = grade_class(tmp_path, "uid")
    for student in ATTACKS:
        assert all(got == 0 for got, _ in points(graded, student).values()), student
    for id, (got, _) in points(graded, "an-honest-student").items():
        assert got == EXERCISES[id].points
    assert graded["left"] == []
    assert graded["canary"].read_text() == "alive"


SHORT = ("solution-reader", "solution-importer", "process-reader", "network", "fork-bomb")


@pytest.fixture(scope="module", params=KINDS)
def walls(request):
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(choose(request.param, LIMITS, [str(CATALOGUE)]))
        except SandboxError as error:
            pytest.skip(f"not on this machine: {error}")


@pytest.mark.parametrize("name", SHORT)
def test_the_walls_hold_in_every_sandbox(walls, name, tmp_path):
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "answers.py").write_text(HOSTILE[name])
    exercises = [EXERCISES["sigmoid-gradient"]]
    result = grade_submission(read(folder, 10**6), exercises, SECRET, walls, LIMITS)
    assert result.points == 0, result


@pytest.mark.parametrize("name", ["solution-reader", "solution-importer"])
def test_the_attack_is_real_where_there_are_no_walls(name, tmp_path):
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "answers.py").write_text(HOSTILE[name])
    exercises = [EXERCISES["sigmoid-gradient"]]
    limits = Limits()
    with unprotected() as walls:
        result = grade_submission(read(folder, 10**6), exercises, SECRET, walls, limits)
    assert result.points == result.max_points, result
