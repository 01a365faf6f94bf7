"""A check that rests on recorded numbers: the solution stays with the instructor."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from actgrad.atlas import ParseError, read
from actgrad.exercises._compare import as_outputs, fault, within
from actgrad.exercises._imports import foreign
from actgrad.exercises._judge import NoValues, answer_text
from actgrad.exercises._practice import Verdict, call_answer, not_there, shown, told
from actgrad.exercises._values import float64


def check_numbers(
    id: str,
    answer: Any,
    cases: Sequence[tuple[Any, ...]],
    *,
    rtol: float = 1e-7,
    atol: float = 1e-10,
    allow: Sequence[str] = (),
) -> Verdict:
    """Compare an answer with numbers that its notebook holds.

    Parameters
    ----------
    id : str
        The exercise, for the verdict.
    answer : callable or str
        A function, or a formula as a text.
    cases : sequence of tuple
        For a function ``(arguments, results)``, each a tuple, or ``(arguments, lowest,
        highest)`` where several results are right; for a formula ``(letters, value)`` with
        the letters' values in a mapping.
    rtol, atol : float
        ``|got - expected| <= atol + rtol * |expected|``.
    allow : sequence of str
        As in `check`.

    Returns
    -------
    Verdict
        Never a grade: a grade asks for other numbers. Whatever the answer does, this returns.

    Examples
    --------
    >>> bool(check_numbers("square-slope", "2*x", [({"x": 3.0}, 6.0), ({"x": -1.0}, -2.0)]))
    True
    >>> check_numbers("square-slope", lambda x: x, [((3.0,), (6.0,))]).message
    'At `3.` it gives `3.`; expected `6.`.'
    """
    if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
        return Verdict(id, "not attempted", "There is no answer yet.")
    try:
        if callable(answer):
            return _function(id, answer, cases, rtol, atol, allow)
        return _formula(id, answer, cases, rtol, atol)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Verdict(id, "wrong", f"Checking the answer failed: {told(error)}.")


def _function(
    id: str,
    answer: Any,
    cases: Sequence[tuple[Any, ...]],
    rtol: float,
    atol: float,
    allow: Sequence[str],
) -> Verdict:
    empty = True
    for arguments, low, *high in cases:
        try:
            got = call_answer(answer, arguments)
        except NoValues as trouble:
            return Verdict(id, "wrong", f"{trouble}, at {shown(arguments)}.")
        empty = empty and got is None
        bounds = [as_outputs(tuple(side)) for side in (low, *high)]
        found = None if got is None else fault(got, bounds[0], bounds[-1], rtol, atol)
        if found and found.kind != "value":
            return Verdict(id, "wrong", f"At {shown(arguments)}: {found.reason}.")
        if found:
            right = " to ".join(shown(side) for side in bounds)
            message = f"At {shown(arguments)} it gives {shown(got)}; expected {right}."
            return Verdict(id, "wrong", message)
        if got is None and not empty:
            return Verdict(id, "wrong", f"At {shown(arguments)} it returns nothing.")
    if empty:
        return Verdict(id, "not attempted", "It returns nothing: is there a `return`?")
    warning = not_there(foreign(answer, allow), allow)
    if warning:
        return Verdict(id, "not gradable", f"The numbers agree here. {warning}")
    return Verdict(id, "right", "It agrees at every input here.")


def _formula(
    id: str, answer: Any, cases: Sequence[tuple[Any, ...]], rtol: float, atol: float
) -> Verdict:
    try:
        # Of a derivation the last line counts here.
        lines = [line.strip() for line in answer_text(answer).splitlines() if line.strip()]
        tree = read(lines[-1].removeprefix("="), tuple(cases[0][0]))
    except (ParseError, TypeError) as error:
        return Verdict(id, "wrong", f"The answer cannot be read: {error}.")
    for letters, expected in cases:
        got = np.asarray(float64(tree, letters))
        value = np.asarray(expected, dtype=float)
        if not np.all(within(got, value, value, rtol, atol)):
            at = ", ".join(f"{name} = {number:.6g}" for name, number in letters.items())
            message = f"At {at} it gives {float(got):.6g}; expected {float(expected):.6g}."
            return Verdict(id, "wrong", message)
    return Verdict(id, "right", "It agrees at every point here.")
