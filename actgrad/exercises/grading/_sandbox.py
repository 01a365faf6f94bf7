"""The walls around a submission, and the narrow door through which its numbers come.

Three kinds of walls, strongest first: `bubblewrap` (own namespaces: no files but Python's and
NumPy's, no network, no other process), `jail` (for root in a container: chroot and a uid of its
own) and `unprotected` (limits only). Limits on CPU, wall clock, memory, processes and files
hold in all three, and so does the system call filter of the worker.

`Child` speaks to the worker. It believes nothing: every length, count and shape that comes back
is checked against a bound before a byte is kept.
"""

import contextlib
import math
import os
import pathlib
import re
import secrets
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Literal

import numpy as np

from actgrad.exercises._imports import ALLOWABLE, ALLOWED
from actgrad.exercises.grading import _worker
from actgrad.exercises.grading._worker import FRAME, NONCE_BYTES, SHAPE, TEXT_BYTES

WORKER = pathlib.Path(_worker.__file__)
PYTHON = pathlib.Path(sys.executable).resolve()
NUMPY_HOME = pathlib.Path(np.__file__).parents[1]
PACKAGE_HOME = pathlib.Path(__file__).parents[3]
STANDARD_LIBRARY = pathlib.Path(sysconfig.get_path("stdlib"))
NOT_FOR_GRADING = ("test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3")
# One thread: a pool of threads on a large machine reserves more memory than the limit.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
MAX_DIMENSIONS = 8
MAX_OUTPUTS = 8
FINGERPRINT = re.compile(r"[0-9]{1,7}:[0-9a-f]{16}")


@dataclass(frozen=True)
class Limits:
    """What one submission may use, in seconds and bytes; ``upload`` is for code alone."""

    load: float = 10.0
    exercise: float = 5.0
    submission: float = 60.0
    cpu: int = 30
    memory: int = 1 << 30
    upload: int = 5_000_000


class SandboxError(RuntimeError):
    """No isolation that works here; the message says what to do."""


class ChildFault(Exception):
    """The child did not answer a question; ``kind`` is the word for the grade."""

    def __init__(self, kind: Literal["time limit", "crashed", "forged"], reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(frozen=True)
class Reply:
    """What the child said: values, a text, an error's text, nothing, or no such name.

    ``unreadable`` tells, for a name that is missing, of a text that holds it and is no Python.
    """

    kind: Literal["values", "text", "error", "unreadable", "nothing", "missing"]
    values: tuple[Any, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Walls:
    """How to start the worker: the command before Python's, or a jail to lock it into.

    Parameters
    ----------
    name, promise : str
        For the instructor.
    prefix : tuple of str
        The command that stands before Python's.
    worker : str
        The path of the worker as the child sees it.
    folder : str
        The jail, where the worker goes there by itself.
    uids : SimpleQueue of int, optional
        User ids, lent to one child each: two children with one id could disturb each other.
    required : bool
        Whether the worker must stop where the kernel has no system call filter.
    allow : tuple of str
        What may be imported besides NumPy, of `ALLOWABLE`.
    """

    name: str
    promise: str
    prefix: tuple[str, ...] = ()
    worker: str = str(WORKER)
    folder: str = ""
    uids: SimpleQueue[int] | None = None
    required: bool = True
    allow: tuple[str, ...] = ()


@contextlib.contextmanager
def bubblewrap(allow: Sequence[str] = ()) -> Iterator[Walls]:
    """Namespaces of its own: an empty file system but for Python and what is allowed."""
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxError("it is not installed (`apt install bubblewrap`)")
    walls = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"]
    walls += ["--uid", "65534", "--gid", "65534", "--hostname", "grader", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        walls += ["--setenv", name, value]
    trees: list[pathlib.Path] = []
    for name in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", f"{sys.base_prefix}/lib"):
        folder = pathlib.Path(name)
        if folder.is_symlink() and folder.parent == pathlib.Path("/"):
            walls += ["--symlink", os.readlink(folder), name]
        elif folder.is_dir() and folder.resolve() not in trees:
            trees.append(folder.resolve())
            walls += ["--ro-bind", str(folder.resolve()), name]
    # Installed packages are hidden: this one, with its solutions, may be among them.
    hidden = sorted(
        str(package_folder)
        for tree in trees
        for pattern in ("site-packages", "dist-packages")
        for package_folder in [*tree.glob(f"python3*/{pattern}"), *tree.glob(pattern)]
    )
    for name in hidden:
        walls += ["--tmpfs", name]
    for package in _allowed_folders(allow):
        walls += ["--ro-bind", str(package), str(package)]
    for name in hidden:
        walls += ["--remount-ro", name]
    walls += ["--ro-bind", str(PYTHON), str(PYTHON), "--ro-bind", str(WORKER), "/worker.py"]
    for device in ("/dev/null", "/dev/urandom"):
        walls += ["--dev-bind", device, device]
    yield Walls(
        "bubblewrap",
        f"own namespaces; only {_named(allow)} are visible, read-only; no network",
        prefix=(found, *walls, "--remount-ro", "/", "--chdir", "/"),
        worker="/worker.py",
        allow=tuple(allow),
    )


@contextlib.contextmanager
def jail(allow: Sequence[str] = ()) -> Iterator[Walls]:
    """For root without namespaces: a chroot with what is allowed alone, a uid per child."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise SandboxError("dropping the user id needs root")
    with tempfile.TemporaryDirectory(prefix="actgrad-jail-") as folder:
        packages = ("site-packages", "dist-packages")
        _copy(STANDARD_LIBRARY, folder, *packages, *NOT_FOR_GRADING)
        for package in _allowed_folders(allow):
            _copy(package, folder, "tests")
        for where, _, files in os.walk(folder):
            os.chmod(where, 0o755)
            for name in files:
                os.chmod(os.path.join(where, name), 0o644)
        uids: SimpleQueue[int] = SimpleQueue()
        for uid in range(60_000, 60_256):
            uids.put(uid)
        yield Walls(
            "uid",
            f"chroot with {_named(allow)} alone, a user id of its own; no network",
            folder=folder,
            uids=uids,
            allow=tuple(allow),
        )


@contextlib.contextmanager
def unprotected(allow: Sequence[str] = ()) -> Iterator[Walls]:
    """No walls: limits and the system call filter only."""
    yield Walls(
        "no sandbox",
        "NO WALLS: submissions can read and delete the files of this account",
        required=False,
        allow=tuple(allow),
    )


def _named(allow: Sequence[str]) -> str:
    names = ["Python", *ALLOWED, *allow]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _allowed_folders(allow: Sequence[str]) -> list[pathlib.Path]:
    """Return the packages that an answer may import, with the libraries they load.

    Raises
    ------
    SandboxError
        Where one of them is not installed.
    """
    folders = []
    for name in (*ALLOWED, *(module for wish in allow for module in ALLOWABLE[wish])):
        home = PACKAGE_HOME if name.startswith("actgrad.") else NUMPY_HOME
        folder = home / name.replace(".", "/")
        if not folder.is_dir():
            raise SandboxError(f"{name} is allowed and not installed beside NumPy, in {home}")
        folders += [folder, folder.with_name(f"{folder.name}.libs")]
    return [folder for folder in folders if folder.is_dir()]


def _copy(source: pathlib.Path, folder: str, *leave_out: str) -> None:
    shutil.copytree(
        source,
        pathlib.Path(folder) / source.relative_to("/"),
        ignore=shutil.ignore_patterns(*leave_out),
        ignore_dangling_symlinks=True,
    )


class Child:
    """A worker process and the conversation with it.

    Parameters
    ----------
    walls : Walls
    limits : Limits
    """

    def __init__(self, walls: Walls, limits: Limits) -> None:
        self._upload = limits.upload
        self._uids = walls.uids
        self._uid = self._uids.get() if self._uids else 0
        self._buffer = b""
        request_read, self._request = os.pipe()
        self._reply, reply_write = os.pipe()
        options = {
            "requests": request_read,
            "replies": reply_write,
            "numpy": NUMPY_HOME,
            "allow": ",".join(name for wish in walls.allow for name in ALLOWABLE[wish]),
            "actgrad": PACKAGE_HOME / "actgrad",
            "memory": limits.memory,
            "cpu": limits.cpu,
            "jail": walls.folder,
            "uid": self._uid,
            "filter": "required" if walls.required else "if possible",
        }
        python = [str(PYTHON), "-I", "-S", "-B", walls.worker]
        try:
            self._process = subprocess.Popen(
                [*walls.prefix, *python, *(f"{k}={v}" for k, v in options.items())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(request_read, reply_write),
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(request_read)
            os.close(reply_write)
        os.set_blocking(self._request, False)
        os.set_blocking(self._reply, False)

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # SIGKILL, at once and to the whole group: no atexit, no handler, no last word.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        os.close(self._request)
        os.close(self._reply)
        if self._uids:
            self._uids.put(self._uid)

    def load(self, files: Sequence[tuple[str, bytes]], deadline: float) -> Reply:
        """Hand over the files of the submission and run them."""
        blocks = [
            _block(name.encode("utf-8", "replace")) + _block(text) for name, text in files
        ]
        head = b"L" + SHAPE.pack(self._upload) + SHAPE.pack(len(files))
        return self._ask(head + b"".join(blocks), TEXT_BYTES, deadline)

    def names(self, deadline: float) -> list[str]:
        """Return what the submission defines; what does not fit into one reply is left out."""
        return self._ask(b"D", TEXT_BYTES, deadline).text.split()

    def where(self, name: str, deadline: float) -> Reply:
        """Ask for the places that define a name, one a file; or why there is none."""
        return self._ask(b"W" + _block(name.encode()), TEXT_BYTES, deadline)

    def fingerprint(self, name: str, deadline: float) -> str:
        """Return what is the same for functions of the same code, or nothing."""
        said = self._ask(b"F" + _block(name.encode()), TEXT_BYTES, deadline).text
        return said if FINGERPRINT.fullmatch(said) else ""

    def call(self, name: str, arguments: Sequence[Any], room: int, deadline: float) -> Reply:
        """Call a function of the submission; its result may take ``room`` bytes."""
        body = b"C" + _block(name.encode()) + SHAPE.pack(room) + SHAPE.pack(len(arguments))
        body += b"".join(_encoded(item) for item in arguments)
        return self._ask(body, room, deadline)

    def read(self, name: str, deadline: float) -> Reply:
        """Read a text or a number of the submission."""
        return self._ask(b"G" + _block(name.encode()) + SHAPE.pack(64), TEXT_BYTES, deadline)

    def _ask(self, body: bytes, room: int, deadline: float) -> Reply:
        # A reply that was written before the question cannot hold the nonce of the question.
        nonce = secrets.token_bytes(NONCE_BYTES)
        request = FRAME.pack(NONCE_BYTES + len(body)) + nonce + body
        bound = room + TEXT_BYTES + MAX_OUTPUTS * SHAPE.size * (MAX_DIMENSIONS + 1)
        reply = self._exchange(request, bound, deadline)
        if reply[:NONCE_BYTES] != nonce:
            raise ChildFault("forged", "something else was written to the result channel")
        try:
            return decoded(reply[NONCE_BYTES:])
        except (ValueError, struct.error) as error:
            raise ChildFault(
                "forged", f"the result is not in the agreed form: {error}"
            ) from None

    def _exchange(self, request: bytes, bound: int, deadline: float) -> bytes:
        to_send = memoryview(request)
        self._buffer = b""
        wanted = FRAME.size
        with selectors.DefaultSelector() as selector:
            selector.register(self._request, selectors.EVENT_WRITE)
            selector.register(self._reply, selectors.EVENT_READ)
            while len(self._buffer) < wanted:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise ChildFault("time limit", "it was stopped at the time limit")
                for key, _ in selector.select(left):
                    if key.fd == self._request:
                        try:
                            to_send = to_send[os.write(self._request, to_send[: 1 << 16]) :]
                        except BrokenPipeError:
                            to_send = to_send[:0]
                        if not to_send:
                            selector.unregister(self._request)
                    else:
                        piece = os.read(self._reply, wanted - len(self._buffer))
                        if not piece:
                            raise ChildFault("crashed", self._last_words(deadline))
                        self._buffer += piece
                        if len(self._buffer) == FRAME.size and wanted == FRAME.size:
                            length = FRAME.unpack(self._buffer)[0]
                            if length > bound:
                                raise ChildFault("forged", "the result is far too large")
                            wanted += length
        return self._buffer[FRAME.size :]

    def _last_words(self, deadline: float) -> str:
        try:
            # The reply channel closes a moment before the process is gone.
            status = self._process.wait(max(0.0, min(1.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            return "the process closed its result channel"
        if status in (-signal.SIGKILL, 128 + signal.SIGKILL):
            return "the process was killed: it reached its CPU or memory limit"
        if status == 77:
            raise SandboxError("the kernel refuses the system call filter (seccomp)")
        return f"the process ended (status {status})"


def _block(data: bytes) -> bytes:
    return SHAPE.pack(len(data)) + data


def _encoded(item: Any) -> bytes:
    array = np.asarray(item)
    kind = (
        b"s" if not isinstance(item, np.ndarray) else b"i" if array.dtype.kind == "i" else b"a"
    )
    shape = SHAPE.pack(array.ndim) + b"".join(SHAPE.pack(length) for length in array.shape)
    return kind + shape + _block(array.astype("<f8").tobytes())


_EMPTY: dict[bytes, Literal["nothing", "missing"]] = {b"N": "nothing", b"M": "missing"}
_TEXTS: dict[bytes, Literal["text", "error", "unreadable"]] = {
    b"T": "text",
    b"E": "error",
    b"U": "unreadable",
}


def decoded(body: bytes) -> Reply:
    """Take a reply apart, believing nothing in it.

    Raises
    ------
    ValueError, struct.error
        Where a count, a shape or a length does not fit the bytes that came.
    """
    kind = body[:1]
    if kind in _EMPTY:
        if len(body) != 1:
            raise ValueError("bytes are left over")
        return Reply(_EMPTY[kind])
    if kind in _TEXTS:
        return Reply(_TEXTS[kind], text=body[1 : 1 + TEXT_BYTES].decode("utf-8", "replace"))
    if kind != b"V":
        raise ValueError("unknown kind of reply")
    at = 1

    def number() -> int:
        nonlocal at
        value: int = SHAPE.unpack_from(body, at)[0]
        at += SHAPE.size
        return value

    count = number()
    if not 1 <= count <= MAX_OUTPUTS:
        raise ValueError(f"{count} results")
    values = []
    for _ in range(count):
        dimensions = number()
        if dimensions > MAX_DIMENSIONS:
            raise ValueError(f"{dimensions} dimensions")
        shape = tuple(number() for _ in range(dimensions))
        # Python's integers do not overflow: a false shape cannot wrap around to a small size.
        size = 8 * math.prod(shape)
        if size > len(body) - at:
            raise ValueError("the shape is larger than the data")
        if size == 0 and max(shape, default=0) > len(body):
            raise ValueError("an empty array with a huge side")
        values.append(np.frombuffer(body, "<f8", math.prod(shape), at).reshape(shape))
        at += size
    if at != len(body):
        raise ValueError("bytes are left over")
    return Reply("values", tuple(values))


_PROBE = b"""
import os

def probe(kind):
    try:
        if kind == 0:
            os.fork() or os._exit(0)
        elif kind == 1:
            import _socket
            _socket.socket()
        elif kind == 2:
            os.kill(os.getppid() or 1, 0)
        elif kind == 3:
            with open("/probe", "w") as file:
                file.write("x")
        else:
            return float(any(os.path.exists(path) for path in PATHS))
    except (OSError, ImportError):
        return 0.0
    return 1.0
"""
_PROBED = (
    "start processes",
    "open sockets",
    "send signals",
    "write files",
    "see the solutions",
)


def prove(walls: Walls, limits: Limits, hidden: Sequence[str]) -> None:
    """Try the walls from inside before anyone else does.

    Raises
    ------
    SandboxError
        Where the worker does not start, or can do what a submission must not.
    """
    modules = [*ALLOWED, *(name for wish in walls.allow for name in ALLOWABLE[wish])]
    imports = "".join(f"import {name}\n" for name in modules)
    source = f"{imports}PATHS = {list(hidden)!r}\n".encode() + _PROBE
    try:
        with Child(walls, limits) as child:
            deadline = time.monotonic() + 3 * limits.load
            said = child.load([("probe.py", source)], deadline).text
            if said:
                raise SandboxError(f"what is allowed cannot be imported: {said}")
            for kind, what in enumerate(_PROBED):
                reply = child.call("probe", [kind], 64, deadline)
                if reply.kind != "values":
                    raise SandboxError(f"the probe failed: {reply.kind} {reply.text}")
                if reply.values[0] != 0:
                    raise SandboxError(f"inside it a submission can still {what}")
    except ChildFault as fault:
        raise SandboxError(f"the worker does not run: {fault}") from None
    except OSError as error:
        raise SandboxError(f"it does not start: {error}") from None


KINDS = {"bubblewrap": bubblewrap, "uid": jail}


@contextlib.contextmanager
def choose(
    wish: str, limits: Limits, hidden: Sequence[str], allow: Sequence[str] = ()
) -> Iterator[Walls]:
    """Put up the strongest walls that prove themselves here, for the time of a ``with``.

    Parameters
    ----------
    wish : {"auto", "bubblewrap", "uid", "none"}
    limits : Limits
    hidden : sequence of str
        Paths that no submission may see.
    allow : sequence of str
        What may be imported besides NumPy, of `ALLOWABLE`.

    Raises
    ------
    SandboxError
        Where none works; the message says why each failed and what to do.
    """
    with contextlib.ExitStack() as stack:
        failures = []
        walls = stack.enter_context(unprotected(allow)) if wish == "none" else None
        for name, kind in KINDS.items():
            if walls is None and wish in ("auto", name):
                try:
                    candidate = stack.enter_context(kind(allow))
                    prove(candidate, limits, hidden)
                    walls = candidate
                except SandboxError as error:
                    failures.append(f"{name}: {error}")
        if walls is None:
            raise SandboxError(
                "no sandbox works on this machine, so nothing was run. "
                + "; ".join(failures)
                + ". Install bubblewrap, or run as root in a container. `--no-sandbox` runs "
                "the submissions with the rights of this account: they could read and delete "
                "your files."
            )
        yield walls
