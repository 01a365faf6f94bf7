"""Optional dependencies: who lacks one is told which extra brings it."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def needs(extra: str) -> Iterator[None]:
    """Import inside of this what ``pip install 'actgrad[extra]'`` brings.

    Raises
    ------
    ModuleNotFoundError
        Where a module is missing; the message names it and the extra.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "actgrad").partition(".")[0]
        if missing == "actgrad":
            raise
        raise ModuleNotFoundError(
            f"{missing} is not installed; `pip install 'actgrad[{extra}]'` brings it",
            name=error.name,
        ) from error
