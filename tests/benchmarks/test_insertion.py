from argparse import Namespace

from benchmarks.insertion import run


def test_the_quick_form_finds_the_best_places_and_breaks_nothing() -> None:
    """The search agrees with the exhaustive peer, and the day it filled passes the checker."""
    record = run(Namespace(quick=True))
    assert record.figures["exact"] == 1
    assert record.figures["violations"] == 0
    assert 0 < record.figures["median_ms"] <= record.figures["p99_ms"]
    assert record.figures["offered_share"] > 0.5
    assert record.work["shifts"] == 4
