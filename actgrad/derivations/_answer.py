"""What a reader asks for, answered by plain messages, one as soon as it is known.

A page and the command line ask the same questions. A message is a dictionary of texts, numbers
and lists of them; the lab's ``messages.d.ts`` lists what each kind holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import sympy

from actgrad.derivations import _proof_answer
from actgrad.derivations._derivation import Derivation
from actgrad.derivations._derive import NAMED, Unsupported, derive
from actgrad.derivations._facts import facts, javascript_code, lost_tail, numpy_code, numpy_test
from actgrad.derivations._limit import TimeLimit, within
from actgrad.derivations._output import OutputForm, in_terms_of_output
from actgrad.derivations._parse import ParseError, parse
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._proof import Kind, Unproved

Message = dict[str, Any]
# For what the output tells: longer than most functions need, shorter than a reader waits.
_SECONDS = 5.0


def answer(text: str, by: str = "", at: Mapping[str, float] = {}) -> Iterator[Message]:
    """Read a function, derive it, prove each line, then say what else there is to say.

    Parameters
    ----------
    text, by
        The function, and its variable where that is not clear.
    at
        Numbers for its parameters, at which range, roots and the like are meant. Where no
        derivation holds for every sign, those above 0 are taken to be positive.
    """
    positive: list[str] = []
    try:
        expression = function(text)
        yield {"kind": "read", **_shown(expression), "names": _names(expression)}
        try:
            derivation = derive(expression, by or None)
        except Unsupported:
            positive = sorted(name for name in _names(expression) if at.get(name, 0) > 0)
            if not positive:
                raise
            derivation = derive(function(text, positive), by or None)
    except (ParseError, Unsupported, ValueError) as error:
        yield {"kind": "refused", "reason": str(error)}
        return
    yield {
        "kind": "derived",
        "symbol": str(derivation.symbol),
        "positive": positive,
        "steps": list(_steps(derivation)),
        "result": _shown(derivation.result),
    }
    yield from _proved(derivation)
    symbol = derivation.symbol
    for title, says in facts(expression, symbol, at):
        yield {"kind": "fact", "title": title, "says": says}
    if lost := lost_tail(derivation.result, symbol, at):
        yield {"kind": "fact", "title": "In floating point", "says": lost}
    yield _output(expression, derivation)
    yield from code(derivation, at)


def function(text: str, positive: Collection[str] = ()) -> Any:
    """Return the expression of a function; some of its parameters are said to be positive.

    Raises
    ------
    ParseError
        If the text cannot be read.
    ValueError
        If a name said to be positive does not stand in it.
    """
    expression = parse(text, kept=NAMED)
    if not positive:
        return expression
    names = _names(expression)
    if unknown := sorted({*positive} - {*names}):
        has = ", ".join(names) or "no letter"
        raise ValueError(f"there is no letter {unknown[0]!r} in this function: it has {has}")
    letters = {name: sympy.Symbol(name, positive=True) for name in positive}
    return parse(text, letters, kept=NAMED)


def code(derivation: Derivation, at: Mapping[str, float] = {}) -> Iterator[Message]:
    """Say the derivative as code, and a test of the code.

    Parameters
    ----------
    derivation
        Of the derivative by a variable.
    at
        Numbers for its parameters, with which it is tested.
    """
    symbol = derivation.symbol
    codes = {
        "NumPy": numpy_code(derivation.result, symbol),
        "JavaScript": javascript_code(derivation.result, symbol),
        "LaTeX": latex(derivation.result),
    }
    for language, text in codes.items():
        if text:
            yield {"kind": "code", "language": language, "text": text}
    if test := numpy_test(derivation.subject, derivation.result, symbol, at):
        yield {"kind": "test", "text": test}


def _shown(expression: Any) -> dict[str, str]:
    return {"text": plain(expression), "latex": latex(expression)}


def _names(expression: Any) -> list[str]:
    return sorted(map(str, expression.free_symbols))


def _steps(derivation: Derivation) -> Iterator[Message]:
    for left, formula, step in derivation.rows():
        yield {
            "left": left,
            "latex": formula,
            "text": plain(step.expression),
            "rule": step.rule.name,
            "sentence": step.rule.sentence,
            "note": step.note and derivation._note_in_markdown(step.note).replace(r"\|", "|"),
        }


def _proved(derivation: Derivation) -> Iterator[Message]:
    exact = number = 0
    try:
        for number, proof in enumerate(derivation._proofs(), start=1):
            exact += proof.kind is Kind.EXACT
            proof_of = {"step": number, "proof": str(proof.kind), "reason": proof.reason}
            yield {"kind": "proof", **proof_of}
    except Unproved as error:
        yield {"kind": "unproved", "step": number + 1, "reason": str(error)}
    else:
        yield {"kind": "proved", "steps": number, "exact": exact}


def _output(expression: Any, derivation: Derivation) -> Message:
    found: list[OutputForm] = []

    def work() -> bool:
        found.append(in_terms_of_output(expression, derivation.symbol))
        return True

    try:
        within(_SECONDS, work)
    except TimeLimit:
        reason = f"neither a formula nor a reason against one was found in {_SECONDS:g} s"
        return {"kind": "output", "exists": False, "reason": reason}
    (form,) = found
    shown = _shown(form.expression) if form.exists else {}
    return {"kind": "output", "exists": form.exists, "reason": form.reason, **shown}


CALLS: Mapping[str, Callable[..., Iterator[Message]]] = {
    "answer": answer,
    **_proof_answer.CALLS,
}
