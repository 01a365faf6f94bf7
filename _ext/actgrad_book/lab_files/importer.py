"""Modules from one file of byte code, read where they lie: no archive, no search on a disk."""

import marshal
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType


class Packed:
    """Finds and runs the modules of the pack."""

    def __init__(self, path: str) -> None:
        self.file = open(path, "rb")  # noqa: SIM115 - it stays open
        size = int.from_bytes(self.file.read(4), "little")
        self.index, self.start = marshal.loads(self.file.read(size)), 4 + size

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        if name in self.index:
            is_package, *_ = self.index[name]
            return ModuleSpec(name, self, origin=f"pack/{name}", is_package=is_package)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        _, offset, size = self.index[module.__name__]
        self.file.seek(self.start + offset)
        exec(marshal.loads(self.file.read(size)), module.__dict__)


sys.meta_path.insert(0, Packed("/lib/site.pack"))
