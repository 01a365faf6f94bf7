"""The time limit: work that is stopped when it has taken too long.

Where there are threads, the work runs in one of its own, which an exception stops. Elsewhere,
as in a browser, the host brings a limiter of its own: see `limit_by`.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable

Work = Callable[[], bool]
Limiter = Callable[[float, Work], bool]


class TimeLimit(BaseException):
    """The work took longer than it may. SymPy catches every `Exception`, and so not this."""


def within(seconds: float, work: Work) -> bool:
    """Return what `work` returns, or raise `TimeLimit` after so many seconds."""
    return _limiters[-1](seconds, work)


def limit_by(limiter: Limiter | None) -> None:
    """Let a limiter of the host's stop work from now on; None goes back to threads.

    Parameters
    ----------
    limiter
        Takes seconds and the work, returns what the work returns, and raises `TimeLimit` in
        it when the seconds are over. In a browser a worker polls its clock.

    Examples
    --------
    >>> from actgrad.derivations._limit import limit_by, within
    >>> limit_by(lambda seconds, work: work())
    >>> within(0.1, lambda: True)
    True
    >>> limit_by(None)
    """
    _limiters[1:] = [] if limiter is None else [limiter]


def _in_a_thread(seconds: float, work: Work) -> bool:
    outcome: list[bool | BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        warnings.warn(
            "no threads here: proofs run without a time limit", RuntimeWarning, stacklevel=3
        )
        run()
    else:
        try:
            thread.join(seconds)
        finally:
            # Also where a limit outside of this one has run out.
            while thread.is_alive():
                _stop(thread)
                thread.join(0.1)
    (result,) = outcome
    if isinstance(result, BaseException):
        raise result
    return result


def _stop(thread: threading.Thread) -> None:
    # Only here: a Python without ctypes has no threads to stop either.
    import ctypes

    ident = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(TimeLimit))


_limiters: list[Limiter] = [_in_a_thread]
