"""How long imports take, each in processes of its own."""

import subprocess
import sys
import time

from benchmarks.timing import best_times

TITLE = "Import in a new process; ratios are to `import numpy`, the bare process subtracted"
STATEMENTS = {
    "numpy": "import numpy",
    "actgrad": "import actgrad",
    "actgrad.activations": "import actgrad.activations",
    "actgrad, first use": "import actgrad; actgrad.Sigmoid()(0.5)",
    "nothing": "pass",
}


def run():
    def process(statement):
        return lambda: subprocess.run([sys.executable, "-c", statement], check=True)

    calls = {name: process(statement) for name, statement in STATEMENTS.items()}
    times = best_times(calls, rounds=9, budget=1, clock=time.perf_counter)
    bare = times.pop("nothing")
    return [
        {"import": name, "ms": 1e3 * (t - bare), "ratio": (t - bare) / (times["numpy"] - bare)}
        for name, t in times.items()
    ]
