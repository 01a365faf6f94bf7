"""What is fast and what is exact, measured: ``python -m benchmarks [TOPIC ...]``."""
