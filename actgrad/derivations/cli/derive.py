"""Print the derivation of an expression's derivative, every step proved, or tested code."""

from __future__ import annotations

import argparse
import json
import sys

from actgrad.derivations._answer import code, function
from actgrad.derivations._derive import Unsupported, derive
from actgrad.derivations._parse import ParseError
from actgrad.derivations._proof import Unproved


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``python -m actgrad derive``."""
    parser.add_argument("expression", help='for example "x*tanh(log(1+exp(x)))"')
    parser.add_argument("--by", metavar="NAME", help="the variable; x if there is one")
    parser.add_argument(
        "--positive", action="append", default=[], metavar="NAME", help="a positive parameter"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="a table with LaTeX formulas")
    form.add_argument("--json", action="store_true", help="the derivation as data")
    form.add_argument(
        "--numpy", action="store_true", help="NumPy code and a test of it: a file for pytest"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Derive, prove and print; the exit status is 0 only if every step is proved."""
    try:
        derivation = derive(function(options.expression, options.positive), options.by)
        if str(derivation.symbol) in options.positive:
            raise ValueError(
                f"{derivation.symbol} is the variable: only parameters may be positive"
            )
    except (ParseError, Unsupported, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    try:
        report = derivation.prove()
    except Unproved as error:
        print(f"not proved: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(derivation.to_dict(), indent=2))
    elif options.markdown:
        print(derivation._repr_markdown_())
    elif options.numpy:
        said = list(code(derivation))
        wanted = [message for message in said if message.get("language", "NumPy") == "NumPy"]
        print(*(message["text"] for message in wanted), sep="\n\n\n")
        if said[-1]["kind"] != "test":
            print("no test: the code loses digits wherever it was tried", file=sys.stderr)
    else:
        print(derivation)
        print(f"\n{report.steps} steps proved: {report.exact} exact, {report.numeric} numeric")
    return 0
