"""The child: loads one submission, calls its functions on given inputs, returns plain numbers.

It runs in the sandbox as ``python -I -S _worker.py KEY=VALUE ...`` and imports nothing of this
package. Nothing in it is secret and nothing it says is trusted: no expected value, no solution
and no other submission ever enters this process, so a submission that takes it over has gained
what it had before, the right to return numbers.

Messages are frames: a length in four bytes, then the body. A reply carries float64 numbers
and their shape, or a short text: there is no pickle and no JSON to confuse the reader with.
"""

import importlib
import os
import struct
import sys
from typing import Any

FRAME = struct.Struct("<I")
SHAPE = struct.Struct("<Q")
NONCE_BYTES = 16
TEXT_BYTES = 16_000
NO_NOTEBOOK = "this is no notebook"

# What a system call table calls them, for the two machines that graders run on.
SYSTEM_CALLS = {
    "x86_64": (
        0xC000003E,
        56,
        {
            "process": (57, 58, 59, 322),  # fork, vfork, execve, execveat
            "network": (41, 53, 425),  # socket, socketpair, io_uring_setup
            "memory": (101, 310, 311, 319, 323),  # ptrace, process_vm_*, memfd, userfaultfd
            "signals": (62, 129, 200, 234, 297, 424, 434),  # kill, ..., pidfd_open
            "ipc": (29, 64, 68, 240),  # shared memory, semaphores and queues outlive a process
            "limits": (160, 302),  # setrlimit, prlimit64
            "namespaces": (155, 161, 165, 166, 272, 308, 321, 248, 249, 250, 298),
        },
    ),
    "aarch64": (
        0xC00000B7,
        220,
        {
            "process": (221, 281),
            "network": (198, 199, 425),
            "memory": (117, 270, 271, 279, 282),
            "signals": (129, 130, 131, 138, 240, 424, 434),
            "ipc": (180, 186, 190, 194),
            "limits": (164, 261),
            "namespaces": (40, 39, 41, 51, 97, 268, 280, 217, 218, 219, 241),
        },
    ),
}


def limit(memory: int, cpu: int) -> None:
    """Bound what this process may use; the bounds are hard, so they cannot be raised."""
    import resource

    bounds = [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ]
    for name, value in bounds:
        resource.setrlimit(name, (value, value))


def enter_jail(folder: str, uid: int) -> None:
    """Give up the file system and every privilege, in this order."""
    import resource

    os.chroot(folder)
    os.chdir("/")
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    resource.setrlimit(resource.RLIMIT_NPROC, (64, 64))
    sys.path_importer_cache.clear()


def forbid_system_calls() -> bool:
    """Forbid processes, network, signals and namespaces to this process for good.

    Returns
    -------
    bool
        False where the kernel or the machine has no such filter.
    """
    import ctypes
    import platform

    if sys.platform != "linux" or platform.machine() not in SYSTEM_CALLS:
        return False
    architecture, clone, groups = SYSTEM_CALLS[platform.machine()]
    load, equal, at_least, has_bit, done = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, refuse, unknown, kill = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
    program = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (done, 0, 0, kill),
        (load, 0, 0, 0),
        (at_least, 0, 1, 0x40000000),
        (done, 0, 0, kill),
    ]
    for numbers in groups.values():
        for number in numbers:
            program += [(equal, 0, 1, number), (done, 0, 0, refuse)]
    # clone3 hides its flags in memory; without it the C library falls back to clone, which
    # is allowed for threads alone.
    program += [(equal, 0, 1, 435), (done, 0, 0, unknown)]
    program += [(equal, 0, 4, clone), (load, 0, 0, 16), (has_bit, 1, 0, 0x00010000)]
    program += [(done, 0, 0, refuse), (done, 0, 0, allow), (done, 0, 0, allow)]

    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    argument = Program(len(program), ctypes.addressof(buffer))
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_void_p] * 4
    no_new_privileges, set_filter, filter_mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, None, None, None) != 0:
        return False
    return bool(
        libc.prctl(set_filter, filter_mode, ctypes.addressof(argument), None, None) == 0
    )


class Namespace:
    """The names that a submission defines, loaded statement by statement.

    ``places`` says where each name was defined last, file by file; ``lost`` holds what was
    not loaded: the names or the text in it, whether it can be read at all, and why. A
    notebook that is none may have held any answer: ``unreadable`` says why.
    """

    def __init__(self, files: list[tuple[str, bytes]], room: int) -> None:
        self.notes: list[str] = []
        self.names: dict[str, Any] = {"__name__": "submission", "display": ignore}
        self.places: dict[str, dict[str, str]] = {}
        self.functions: dict[str, Any] = {}
        self.lost: list[tuple[str, bool, str]] = []
        self.unreadable: list[str] = []
        self.modules = {
            name.rpartition("/")[2][:-3]: text for name, text in files if name.endswith(".py")
        }
        sys.meta_path.append(self)
        for name, text in files:
            try:
                blocks = cells(name, text)
            except BaseException as error:
                self.unreadable.append(f"{name}: {NO_NOTEBOOK}: {told(error)}")
                continue
            for where, block in blocks:
                room -= len(block)
                if room < 0:
                    beyond = ValueError("with this there is more code than the limit allows")
                    self.lose(legible(block), False, where, beyond)
                else:
                    self.run(name, where, block)

    def lose(self, text: str, read: bool, where: str, error: BaseException) -> None:
        line = getattr(error, "lineno", None)
        note = f"{where}{f', line {line}' if line else ''}: {told(error)}"
        self.lost.append((text, read, note))
        if len(self.notes) < 10:
            self.notes.append(note)

    def run(self, file: str, where: str, text: str | bytes) -> None:
        import ast

        try:
            statements = ast.parse(text, where).body
        except BaseException as error:
            self.lose(legible(text), False, where, error)
            return
        # One by one: a plot that cannot be drawn here must not cost the answers below it.
        for statement in statements:
            names = bound(statement)
            try:
                module = ast.Module([statement], [])
                exec(compile(module, where, "exec"), self.names)
            except BaseException as error:
                error.lineno = statement.lineno  # type: ignore[attr-defined]
                self.lose(" ".join(names), True, where, error)
                continue
            for name in names:
                places = self.places.setdefault(name, {})
                places[file] = f"{where}, line {statement.lineno}"
                self.functions[name] = statement

    def why_missing(self, name: str) -> bytes:
        """Answer for a name that is not there: its text was lost, or there is none."""
        import re

        for text, read, note in reversed(self.lost):
            if re.search(rf"\b{name}\b", text):
                return (b"E" if read else b"U") + encoded(note)
        return b"U" + encoded(self.unreadable[0]) if self.unreadable else b"M"

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        """Import a module of the submission: students split their work over files."""
        if name not in self.modules:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self)  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.modules[module.__name__], module.__name__, "exec"), module.__dict__)


def fingerprint(statement: Any) -> str:
    """Return the size and a hash of a function's code, whatever its variables are called.

    Comments, spacing and the docstring are left out too.
    """
    import ast
    import hashlib
    import re

    if not isinstance(statement, ast.FunctionDef):
        return ""
    body = statement.body[1:] if ast.get_docstring(statement) is not None else statement.body
    own: dict[str, str] = {}
    nodes = [node for line in body for node in ast.walk(line)]
    for node in [*ast.walk(statement.args), *nodes]:
        if isinstance(node, ast.arg):
            own.setdefault(node.arg, f"v{len(own)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.setdefault(node.id, f"v{len(own)}")
    text = "\n".join(ast.dump(part) for part in [statement.args, *body])
    text = re.sub(
        r"\b(id|arg)='(\w+)'", lambda name: f"{name[1]}='{own.get(name[2], name[2])}'", text
    )
    return f"{len(nodes)}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def ignore(*arguments: object, **options: object) -> None:
    """Stand in for everything that shows or checks: there is nobody to look here."""


def legible(text: str | bytes) -> str:
    """Return a text to look for names in, whatever its encoding."""
    return text if isinstance(text, str) else text.replace(b"\0", b"").decode("latin-1")


def bound(statement: Any) -> list[str]:
    """Return the names that a statement defines."""
    import ast

    names = [
        node.id if isinstance(node, ast.Name) else node.name
        for node in ast.walk(statement)
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        or isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    return list(dict.fromkeys(names))


def cells(name: str, text: bytes) -> "list[tuple[str, str | bytes]]":
    """Return the code of a file, cell by cell, each with its name; outputs are left out."""
    import json

    found: list[tuple[str, str | bytes]] = []
    if name.endswith(".py"):
        return [(name, text)]
    if name.endswith(".md"):
        for number, source in enumerate(myst_cells(text.decode("utf-8-sig", "replace")), 1):
            found.append((f"{name}, cell {number}", plain(source)))
        return found
    for number, cell in enumerate(json.loads(text)["cells"], 1):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            source = source if isinstance(source, str) else "".join(source)
            found.append((f"{name}, cell {number}", plain(source)))
    return found


def myst_cells(text: str) -> list[str]:
    """Return the code cells of a MyST notebook; the lines that set a cell's options go."""
    import re

    fence = r"(?ms)^(`{3,}|~{3,}|:{3,})\{code-cell\}[^\n]*\n(.*?)^\1[`~:]*[ \t]*$"
    options = r"\A(?:---[ \t]*\n.*?^---[ \t]*\n|(?:^:[\w-]+:[^\n]*\n)+)"
    found = re.findall(fence, text.replace("\r\n", "\n"))
    return [re.sub(options, "", source, flags=re.S | re.M) for _, source in found]


def plain(source: str) -> str:
    """Take out what only IPython understands; a cell that is Python stays as it is."""
    import ast

    try:
        ast.parse(source)
    except SyntaxError:
        lines = source.splitlines()
        if lines and lines[0].startswith("%%"):
            if lines[0].split()[0] not in ("%%time", "%%timeit", "%%capture"):
                return ""
            lines = lines[1:]
        for number, line in enumerate(lines):
            bare = line.strip()
            if bare.startswith(("%", "!", "?")) or bare.endswith("?"):
                lines[number] = line[: len(line) - len(line.lstrip())] + "pass"
        return "\n".join(lines)
    return source


def told(error: BaseException) -> str:
    try:
        text = error.msg if isinstance(error, SyntaxError) else error
        return f"{type(error).__name__}: {text}"[:300]
    except BaseException:
        return type(error).__name__


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")[:TEXT_BYTES]


def stand_in(home: str, allow: list[str]) -> None:
    """Let ``from actgrad.exercises import check`` succeed and do nothing."""
    from types import ModuleType

    package, exercises = ModuleType("actgrad"), ModuleType("actgrad.exercises")
    for name in ("check", "check_numbers", "hint", "exercise", "answer_box"):
        setattr(exercises, name, ignore)
    package.exercises = exercises  # type: ignore[attr-defined]
    package.__path__ = []
    if "actgrad.activations" in allow:
        package.__path__ = [home]
        package.__getattr__ = lambda name: getattr(  # type: ignore[method-assign]
            importlib.import_module("actgrad.activations"), name
        )
    sys.modules.update({"actgrad": package, "actgrad.exercises": exercises})


class Allowed:
    """Finds the packages that are allowed, in the folder that holds them, and no others."""

    def __init__(self, home: str, names: list[str]) -> None:
        self.home = home
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        from importlib.machinery import PathFinder

        return PathFinder.find_spec(name, [self.home]) if name in self.names else None


class Reader:
    """Takes a message of the parent apart: the parent is trusted, so it is short."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def take(self, count: int) -> bytes:
        self.at += count
        return self.body[self.at - count : self.at]

    def number(self) -> int:
        value: int = SHAPE.unpack(self.take(8))[0]
        return value

    def block(self) -> bytes:
        return self.take(self.number())

    def array(self) -> Any:
        import numpy as np

        kind = self.take(1)
        shape = tuple(self.number() for _ in range(self.number()))
        array = np.frombuffer(bytearray(self.block()), "<f8").reshape(shape)
        if kind == b"i":
            array = array.astype(np.int64)
        return array.item() if kind == b"s" else array


def serve(requests: int, replies: int) -> None:
    """Answer the parent until it stops asking."""
    import numpy as np

    # The submission can rebind any name of NumPy; these keep honest answers honest.
    as_array, errstate = np.array, np.errstate
    submission = Namespace([], 0)

    def receive(count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            piece = os.read(requests, min(count - len(data), 1 << 20))
            if not piece:
                os._exit(0)
            data += piece
        return bytes(data)

    def send(body: bytes) -> None:
        data = FRAME.pack(len(body)) + body
        while data:
            data = data[os.write(replies, data) :]

    def values(result: Any, room: int, kinds: str = "biuf") -> bytes:
        parts = result if isinstance(result, tuple) else (result,)
        body = b"V" + SHAPE.pack(len(parts))
        for part in parts:
            array = as_array(part, subok=False)
            if array.dtype.kind not in kinds:
                raise TypeError(f"the result has dtype {array.dtype}; it must be real numbers")
            if 8 * array.size > room:
                raise ValueError(f"the result's shape {array.shape} is far too large")
            array = array.astype("<f8", order="C")
            body += SHAPE.pack(array.ndim) + b"".join(map(SHAPE.pack, array.shape))
            body += array.tobytes()
        return body

    def load(message: Reader) -> bytes:
        nonlocal submission
        room = message.number()
        files = [(message.block().decode(), message.block()) for _ in range(message.number())]
        submission = Namespace(files, room)
        return b"T" + encoded("\n".join([*submission.unreadable, *submission.notes]))

    def answer(message: Reader) -> bytes:
        command = message.take(1)
        if command == b"L":
            return load(message)
        if command == b"D":
            return b"T" + encoded("\n".join(submission.places))
        name = message.block().decode()
        if name not in submission.names:
            return submission.why_missing(name)
        if command == b"W":
            return b"T" + encoded("\n".join(submission.places.get(name, {}).values()))
        if command == b"F":
            return b"T" + fingerprint(submission.functions.get(name)).encode()
        value = submission.names[name]
        room = message.number()
        if command == b"G":
            if value is None or value is ...:
                return b"N"
            # True is no number that anybody predicts.
            return (
                b"T" + encoded(value) if isinstance(value, str) else values(value, room, "iuf")
            )
        arguments = [message.array() for _ in range(message.number())]
        with errstate(all="ignore"):
            result = value(*arguments)
        return b"N" if result is None or result is ... else values(result, room)

    while True:
        message = Reader(receive(FRAME.unpack(receive(FRAME.size))[0]))
        nonce = message.take(NONCE_BYTES)
        try:
            reply = answer(message)
        except NotImplementedError:
            reply = b"N"
        except BaseException as error:
            reply = b"E" + encoded(told(error))
        send(nonce + reply)


def main() -> None:
    """Close every door, then open the submission."""
    options = dict(item.split("=", 1) for item in sys.argv[1:])
    requests, replies = int(options["requests"]), int(options["replies"])
    numpy_home = options["numpy"]
    sys.path.append(numpy_home)
    # In the jail these are out of reach of the loader of shared libraries: load them now.
    for name in (
        "ast",
        "ctypes",
        "hashlib",
        "json",
        "re",
        "resource",
        "numpy.linalg",
        "numpy.random",
    ):
        importlib.import_module(name)
    # NumPy's own modules are found through its package; other packages are not for grading,
    # but for those that the assignment allows.
    sys.path.remove(numpy_home)
    allow = options["allow"].split(",")
    sys.meta_path.append(Allowed(numpy_home, allow))
    stand_in(options["actgrad"], allow)
    limit(int(options["memory"]), int(options["cpu"]))
    if options["jail"]:
        enter_jail(options["jail"], int(options["uid"]))
    if not forbid_system_calls() and options["filter"] == "required":
        os._exit(77)
    sys.argv[:] = ["submission"]
    serve(requests, replies)


if __name__ == "__main__":
    main()
