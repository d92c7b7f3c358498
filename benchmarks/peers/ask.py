"""Ask a peer in a process of its own: arrays go there and come back as files."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers.environment import interpreter
from benchmarks.peers.errors import PeerError

WORKERS = Path(__file__).parent / "workers"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
LAST_WORDS = 5

Arrays = Mapping[str, npt.NDArray[Any]]


def ask(module: str, question: Arrays) -> Arrays | None:
    """Run ``workers/ask_MODULE.py`` on the arrays of `question`; None if the peer is not installed.

    Raises
    ------
    PeerError
        The peer did not answer (code ``peer-failed``).
    """
    python = interpreter(module)
    return ask_python(python, module, question) if python else None


def ask_python(
    python: Path, module: str, question: Arrays, at_most_s: float | None = None
) -> Arrays:
    """Do as `ask`, with the interpreter `python`; the process is killed after `at_most_s`."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        np.savez(target / "question.npz", allow_pickle=False, **question)
        run([python, "-I", WORKERS / f"ask_{module}.py", target], at_most_s)
        with np.load(target / "answer.npz") as answer:
            return {name: answer[name] for name in answer.files}


def run(command: list[Path | str], at_most_s: float | None = None) -> None:
    """Run a program of a peer with one thread; raise `PeerError` with its last words if it fails."""
    try:
        done = subprocess.run(
            command,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=at_most_s,
            env={**os.environ, **ONE_THREAD},
        )
    except subprocess.TimeoutExpired as error:
        said = f"{Path(command[-1]).name} did not end within {at_most_s:.0f} s"
        raise PeerError("peer-failed", said) from error
    if done.returncode:
        last = " ".join(done.stdout.strip().splitlines()[-LAST_WORDS:])
        raise PeerError("peer-failed", f"{Path(command[0]).name} failed: {last}")
