"""Print the derivation of an expression's derivative, every step proved."""

from __future__ import annotations

import argparse
import json
import sys

from actgrad.derivations._derive import Unsupported, derive
from actgrad.derivations._parse import ParseError
from actgrad.derivations._proof import Unproved


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``python -m actgrad derive``."""
    parser.add_argument("expression", help='for example "x*tanh(log(1+exp(x)))"')
    parser.add_argument("--by", metavar="NAME", help="the variable; x if there is one")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="a table with LaTeX formulas")
    form.add_argument("--json", action="store_true", help="the derivation as data")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Derive, prove and print; the exit status is 0 only if every step is proved."""
    try:
        derivation = derive(options.expression, options.by)
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
    else:
        print(derivation)
        print(f"\n{report.steps} steps proved: {report.exact} exact, {report.numeric} numeric")
    return 0
