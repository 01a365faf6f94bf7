"""Prove every step of every derivation, a line each and a total."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from actgrad.derivations._derivation import Derivation, Report
from actgrad.derivations._proof import Unproved
from actgrad.derivations.documents import DERIVATIONS
from actgrad.derivations.functions import prove_stable_forms

_WIDTH = 44


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``python -m actgrad verify``."""
    parser.add_argument("names", nargs="*", help="derivations to prove; all if none is named")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prove and report; the exit status is 0 only if every step is proved."""
    unknown = [name for name in options.names if name not in DERIVATIONS]
    if unknown:
        print(
            f"no derivation is called {', '.join(unknown)}; there are: "
            f"{', '.join(DERIVATIONS)}",
            file=sys.stderr,
        )
        return 2
    chosen = {name: DERIVATIONS[name] for name in options.names or DERIVATIONS}
    return verify(chosen, as_json=options.json, with_functions=not options.names)


def verify(
    derivations: Mapping[str, Callable[[], Derivation]],
    *,
    as_json: bool = False,
    with_functions: bool = True,
) -> int:
    """Prove these derivations, print the report, and return the exit status."""
    started = time.perf_counter()
    reports: list[Report] = []
    failures: dict[str, str] = {}
    if not as_json:
        print(f"{'derivation':<{_WIDTH}} {'steps':>5} {'exact':>5} {'numeric':>7} {'s':>6}")
    for done, (name, outcome) in enumerate(_outcomes(derivations, with_functions), start=1):
        if isinstance(outcome, Report):
            reports.append(outcome)
        else:
            failures[name] = outcome
        if not as_json:
            _progress(done, len(derivations) + with_functions, name)
            print(_line(name, outcome), flush=True)
    seconds = time.perf_counter() - started
    if as_json:
        print(json.dumps(_as_data(reports, failures, seconds), indent=2))
    else:
        print(_total(reports, failures, seconds))
    for message in failures.values():
        print(f"not proved: {message}", file=sys.stderr)
    return 1 if failures or not reports else 0


def _outcomes(
    derivations: Mapping[str, Callable[[], Derivation]], with_functions: bool
) -> Iterator[tuple[str, Report | str]]:
    for name, derivation in derivations.items():
        try:
            yield name, derivation().prove()
        except Unproved as error:
            yield name, str(error)
    if with_functions:
        name = "forms that do not overflow"
        started = time.perf_counter()
        try:
            proofs = tuple(proof for _, proof in prove_stable_forms())
            yield name, Report(name, proofs, time.perf_counter() - started)
        except Unproved as error:
            yield name, str(error)


def _line(name: str, outcome: Report | str) -> str:
    if isinstance(outcome, str):
        return f"{name:<{_WIDTH}} NOT PROVED"
    return (
        f"{name:<{_WIDTH}} {outcome.steps:>5} {outcome.exact:>5} {outcome.numeric:>7} "
        f"{outcome.seconds:>6.2f}"
    )


def _total(reports: list[Report], failures: Mapping[str, str], seconds: float) -> str:
    steps = sum(report.steps for report in reports)
    exact = sum(report.exact for report in reports)
    total = f"{'total':<{_WIDTH}} {steps:>5} {exact:>5} {steps - exact:>7} {seconds:>6.2f}"
    proved = f"{len(reports)} proved, {len(failures)} not proved"
    return f"{total}\n{proved}"


def _as_data(
    reports: list[Report], failures: Mapping[str, str], seconds: float
) -> dict[str, object]:
    return {
        "derivations": [
            {
                "name": report.name,
                "steps": report.steps,
                "exact": report.exact,
                "numeric": report.numeric,
                "seconds": round(report.seconds, 3),
            }
            for report in reports
        ],
        "failures": dict(failures),
        "steps": sum(report.steps for report in reports),
        "seconds": round(seconds, 3),
    }


def _progress(done: int, total: int, name: str) -> None:
    """Draw a bar on a terminal; anywhere else there is none."""
    if not sys.stderr.isatty():
        return
    filled = 30 * done // total
    bar = "#" * filled + "." * (30 - filled)
    end = "\r\x1b[K" if done == total else ""
    print(f"\r\x1b[K[{bar}] {done}/{total} {name}\r{end}", end="", file=sys.stderr, flush=True)
