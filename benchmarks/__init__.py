"""What is fast and what is exact, measured: ``python -m benchmarks [TOPIC ...]``."""

from pathlib import Path

RECORDED = Path(__file__).parents[1] / "actgrad" / "data"
