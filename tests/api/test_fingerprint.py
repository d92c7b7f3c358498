"""The same request has the same fingerprint in every process."""

import os
import subprocess
import sys


def test_the_same_request_is_the_same_after_a_restart() -> None:
    """Sets have another order in every process; what is asked has not."""
    told = """
from api.idempotency import Once
from api.schemas.requests import OfferWish
wish = OfferWish.model_validate({"area_id": "a", "origin": {"lon": 9.1, "lat": 48.4},
    "destination": {"lon": 9.2, "lat": 48.4}, "depart_at": "2026-03-30T09:00:00+02:00",
    "needs": ["lift", "low_floor"]})
print(Once.of("offers", "k", wish).fingerprint)
"""
    prints = {
        subprocess.run(
            [sys.executable, "-c", told],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in "12345678"
    }
    assert len(prints) == 1
