"""Random numbers inside compiled loops: xorshift64* (Vigna 2016), one word of state."""

import numpy as np
import numpy.typing as npt

from dispatch.improve.compiled import kernel

Words = npt.NDArray[np.uint64]

_FACTOR = np.uint64(2685821657736338717)
_A, _B, _C, _TOP = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(11)
_UNIT = 1.0 / (1 << 53)


@kernel
def uniform(state: Words) -> float:
    """Return a number in [0, 1)."""
    x = state[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    state[0] = x
    return float((x * _FACTOR) >> _TOP) * _UNIT


@kernel
def below(state: Words, n: int) -> int:
    """Return an integer in 0..n-1."""
    return int(uniform(state) * n)


def seeded(seed: int) -> Words:
    """Return a state that differs for every seed and is never zero."""
    word = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    return word | np.uint64(1)
