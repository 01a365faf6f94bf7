"""The Python side of the lab's worker: what a page may ask for, and its clock as the limit."""

import json
import warnings
from collections.abc import Callable, Iterator

# Of the worker: now(), get() and set(end), in milliseconds.
import lab_clock  # type: ignore[import-not-found]

from actgrad.derivations import _answer
from actgrad.derivations._limit import TimeLimit, limit_by

warnings.simplefilter("ignore")  # nobody reads them there


def limited(seconds: float, work: Callable[[], bool]) -> bool:
    """Return what the work returns, or raise `TimeLimit`; an earlier limit outside stays."""
    outer, mine = lab_clock.get(), lab_clock.now() + 1000 * seconds
    if outer <= mine:
        return work()
    lab_clock.set(mine)
    try:
        return work()
    except KeyboardInterrupt:
        if lab_clock.now() >= outer:
            raise
        raise TimeLimit from None
    finally:
        lab_clock.set(outer)


limit_by(limited)


def ask(call: str, arguments: str) -> Iterator[str]:
    """Yield each message of one of `_answer`'s calls as soon as it is known; all are JSON."""
    for message in _answer.CALLS[call](**json.loads(arguments)):
        yield json.dumps(message)
