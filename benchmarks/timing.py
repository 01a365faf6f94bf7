"""Ratios of times from one run: the candidates take turns, the quickest turn counts."""

import time


def best_times(candidates, *, budget=0.25, rounds=7, clock=time.thread_time):
    """Return the seconds of one call of each candidate, a dict of functions by name.

    The turns alternate, so that a busy moment of the machine does not fall on one candidate
    alone; `budget` is the time for each candidate, in seconds. The clock counts the time of
    this thread only: what the machine does for others is not ours.
    """
    repeats = {}
    for name, call in candidates.items():
        call()
        start = clock()
        call()
        once = clock() - start
        repeats[name] = max(1, round(budget / rounds / max(once, 1e-7)))
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(rounds):
        for name, call in candidates.items():
            start = clock()
            for _ in range(repeats[name]):
                call()
            best[name] = min(best[name], (clock() - start) / repeats[name])
    return best


def ratio(times, name, ours):
    """Return how many times as long as ours `name` takes; None if it was not measured."""
    return times[name] / times[ours] if name in times else None
