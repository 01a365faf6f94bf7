"""Measure the topics asked for (all by default), print one table each, write it as JSON."""

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

# One thread for every library; they read this once, when they are imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

# A topic is a module with TITLE and run(), which returns a list of rows: dicts of equal keys.
TOPICS = (
    "import_time",
    "calls",
    "activations",
    "softmax",
    "scaling",
    "accuracy",
    "scoreboard",
    "derivations",
    "grading",
    "explorers",
    "pages",
    "lab",
)


def versions():
    found = {"python": platform.python_version()}
    for name in ("numpy", "scipy", "torch", "jax"):
        try:
            found[name] = importlib.import_module(name).__version__
        except ImportError:
            continue
    return found


def machine():
    from numpy._core._multiarray_umath import __cpu_features__ as features

    simd = [name for name in ("AVX2", "AVX512F", "AVX512_ICL", "ASIMD") if features.get(name)]
    return {"cpu": platform.processor() or platform.machine(), "simd": simd}


def as_table(rows):
    header = list(rows[0])
    text = [[_cell(row[name]) for name in header] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *text, strict=True)]
    lines = [header, ["-" * width for width in widths], *text]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _cell(value):
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}")
    parser.add_argument("--out", type=Path, default=Path("_build/bench"), help="for the JSON")
    options = parser.parse_args(arguments)
    for topic in options.topics:
        if topic not in TOPICS:
            parser.error(f"no topic {topic!r}; choose of {', '.join(TOPICS)}")
    options.out.mkdir(parents=True, exist_ok=True)
    for topic in options.topics or TOPICS:
        module = importlib.import_module(f"benchmarks.{topic}")
        print(f"\n{module.TITLE}", flush=True)
        rows = module.run()
        print(as_table(rows), flush=True)
        record = {
            "topic": topic,
            "title": module.TITLE,
            "versions": versions(),
            "machine": machine(),
            "rows": rows,
        }
        path = options.out / f"{topic}.json"
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    print(f"\nwritten to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
