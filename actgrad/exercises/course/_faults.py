"""Bad input files: every fault in one message, each with its file, line and key."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """A file that an instructor wrote cannot be used; the message tells every fault in it."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a question for a misspelt word, or the list of what can stand there.

    Examples
    --------
    >>> nearest("weight", ["title", "weights"])
    'did you mean `weights`?'
    >>> nearest("x", ["title", "due"])
    'known are `title`, `due`'
    """
    known = list(known)
    found = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    if found:
        return f"did you mean {' or '.join(f'`{name}`' for name in found)}?"
    return f"known are {', '.join(f'`{name}`' for name in known)}"
