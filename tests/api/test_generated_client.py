"""A Python client generated from our description, by a tool that knows nothing of us, books a ride.

The tool wants another typer than we do, so it lives in an environment of its own in ``var/client``.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.busy_area import SERVICE_DAY, BusyRegion, ServerProcess, serving

REPOSITORY = Path(__file__).resolve().parents[2]
LOCK = REPOSITORY / "requirements" / "client.txt"
PROGRAM = Path(__file__).with_name("client_program.py")
READ = ("json", "text/", "octet-stream")
"""Content the tool reads by itself; everything else is a file to it."""


def run(*command: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a program; what it says is kept."""
    return subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True, **more
    )


def kinds(document: dict[str, Any]) -> set[str]:
    """Return the types of content that are answered."""
    answers = [
        answer
        for item in document["paths"].values()
        for operation in item.values()
        for answer in operation["responses"].values()
    ]
    return {kind for answer in answers for kind in answer.get("content", {})}


@pytest.fixture(scope="session")
def tools() -> Path:
    """Make the generator's environment, once for each lock file; return its folder of programs."""
    key = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = REPOSITORY / "var" / "client" / key
    done = folder / "done"
    if not done.exists():
        made = run(sys.executable, "-m", "venv", "--clear", folder)
        assert made.returncode == 0, made.stderr
        pip = folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes"
        got = run(*pip, "-r", LOCK)
        if got.returncode:
            pytest.skip("no package registry: the generator of clients cannot be installed")
        done.touch()
    return folder / "bin"


@pytest.fixture(scope="session")
def client(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the client; return the folder it can be imported from."""
    from api.app import create_app
    from api.clock import Clock
    from api.settings import Settings

    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    described = create_app(Settings(improve=False), Clock()).openapi()
    document.write_text(json.dumps(described), encoding="utf-8")
    config = folder / "config.json"
    files = (kind for kind in kinds(described) if not any(known in kind for known in READ))
    overrides = dict.fromkeys(files, "application/octet-stream")
    config.write_text(json.dumps({"content_type_overrides": overrides}), encoding="utf-8")
    command = [tools / "openapi-python-client", "generate", "--path", document, "--meta", "none"]
    command += ["--config", config, "--output-path", folder / "buergerbus_client"]
    made = run(*command, env=os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"})
    assert made.returncode == 0, made.stdout + made.stderr
    for trouble in ("WARNING", "ERROR", "Unable to process"):  # nothing of ours is beyond the tool
        assert trouble not in made.stdout + made.stderr, made.stdout + made.stderr
    return folder


def test_every_operation_is_in_the_client(client: Path) -> None:
    document = json.loads((client / "openapi.json").read_text(encoding="utf-8"))
    operations = [each for item in document["paths"].values() for each in item.values()]
    modules = {path.stem.replace("_", "") for path in client.glob("buergerbus_client/api/*/*.py")}
    assert {each["operationId"].lower() for each in operations} <= modules


def test_the_client_books_a_ride(client: Path, tools: Path, village: Path, tmp_path: Path) -> None:
    place = BusyRegion(village, "talheim", ())
    quiet = {"BUERGERBUS_IMPROVE": "false", "PYTHONWARNINGS": "ignore"}
    with serving(ServerProcess(place, tmp_path / "data", environment=quiet)) as server:
        at = f"{SERVICE_DAY.isoformat()}T09:00:00+02:00"
        command = [tools / "python", PROGRAM, server.address, at]
        done = run(*command, env=os.environ | {"PYTHONPATH": str(client)})
    assert (done.returncode, done.stderr) == (0, "")
