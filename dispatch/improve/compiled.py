"""How the kernels of the search are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile without reference counting: kernels borrow their arrays and make none.

    The search passes dozens of arrays down a dozen calls; counting references took four fifths of its time.
    """
    compiled = njit(cache=True, nogil=True, _nrt=False)(function)  # type: ignore[call-overload]
    return cast("_Function", compiled)
