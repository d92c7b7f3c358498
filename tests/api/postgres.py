"""A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, a socket in it."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_READY_S = 30.0


def programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


@contextmanager
def running_server(bin_dir: Path) -> Iterator[str]:
    """Start a server; yield the address of its socket, to be completed by the name of a database.

    It refuses to run as root; then it runs as the user its package made.
    """
    folder = Path(tempfile.mkdtemp(prefix="buergerbus-pg-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    setup = [
        bin_dir / "initdb",
        "-D",
        data,
        "-U",
        "admin",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(setup, check=True, capture_output=True, cwd=folder, **as_user)
    run = [bin_dir / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(run, stdout=log, stderr=log, cwd=folder, **as_user)
    try:
        _wait(bin_dir, folder, server)
        yield f"postgresql://admin@/{{name}}?host={folder}"
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder)


def _wait(bin_dir: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until and server.poll() is None:
        ready = subprocess.run(
            [bin_dir / "pg_isready", "-h", folder, "-q"], check=False, cwd=folder
        )
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
