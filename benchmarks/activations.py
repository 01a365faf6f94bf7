"""Value and VJP of the element-wise functions, against everything they can be held against."""

from functools import partial

import numpy as np

from benchmarks import candidates
from benchmarks.timing import best_times, ratio

TITLE = "Value + VJP, one thread; ratios are time / ours, above 1 ours is faster"
SIZES = (100, 10_000, 1_000_000, 10_000_000)


def run():
    random = np.random.default_rng(1)
    torch = candidates.torch_candidates()
    rows = []
    for dtype in (np.float32, np.float64):
        for n in SIZES:
            x, g = (3 * random.standard_normal((2, n))).astype(dtype)
            y, dx = np.empty_like(x), np.empty_like(x)
            for name, f in candidates.FUNCTIONS.items():
                calls = {
                    "ours": candidates.ours(f),
                    "ours, out=": candidates.ours_with_out(f, y, dx),
                    "documents": candidates.DOCUMENTS[name],
                    "copy": candidates.copy_limit(y, dx),
                }
                if name in candidates.SCIPY:
                    calls["scipy"] = candidates.SCIPY[name]
                bound = {key: partial(call, x, g) for key, call in calls.items()}
                if name in torch:
                    bound["torch"] = torch[name](x, g)
                with np.errstate(all="ignore"):
                    times = best_times(bound)
                rows.append(
                    {
                        "function": name,
                        "dtype": dtype.__name__,
                        "n": n,
                        "ns/element": times["ours"] / n * 1e9,
                        "out=": ratio(times, "ours, out=", "ours"),
                        "documents": ratio(times, "documents", "ours"),
                        "scipy": ratio(times, "scipy", "ours"),
                        "torch": ratio(times, "torch", "ours"),
                        "torch / out=": ratio(times, "torch", "ours, out="),
                        "copy": ratio(times, "copy", "ours"),
                    }
                )
    return rows
