"""The peers of the benchmarks: found where they are, said to be missing where they are not, always ended."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import osmium
import pytest

from benchmarks.peers import environment, install, osrm, routingkit, valhalla
from benchmarks.peers.errors import PeerError
from benchmarks.peers.osrm_http import serve
from benchmarks.peers.prepared import as_pbf, prepare_once

LISTENS = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"code": "NoRoute"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

import os
Path(sys.argv[-1]).write_text(str(os.getpid()))
HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Answer).serve_forever()
"""
UNSORTED = """<?xml version="1.0"?><osm version="0.6">
<node id="2" lat="48.1" lon="9.1" version="1"/><node id="1" lat="48.0" lon="9.0" version="1"/></osm>"""


@pytest.fixture
def peers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of the peers, empty."""
    folder = tmp_path / "peers"
    monkeypatch.setenv("BUERGERBUS_PEERS", str(folder))
    return folder


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    file = tmp_path / "small.osm"
    file.write_text(UNSORTED)
    return file


def put_program(peers: Path, name: str, text: str) -> None:
    program = peers / "unpacked" / "osrm" / "bin" / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(text)
    program.chmod(0o755)


def test_what_is_not_installed_is_none(peers: Path, extract: Path) -> None:
    assert not peers.exists()
    for module in environment.DISTRIBUTIONS:
        assert environment.interpreter(module) is None
        assert environment.package(module) is None
        assert environment.version(module) == ""
    assert environment.program("osrm", "osrm-extract") is None
    assert osrm.prepare(extract) is None
    assert valhalla.prepare(extract) is None
    one = np.zeros(1)
    network = routingkit.Network(one, one, one, one, one)
    assert routingkit.measure(network, one, one, np.zeros((1, 2))) is None


def test_programs_of_an_unpacked_wheel_are_found_though_nothing_imports_it(peers: Path) -> None:
    put_program(peers, "osrm-routed", "#!/bin/sh\n")
    assert environment.program("osrm", "osrm-routed") is not None
    assert environment.program("osrm", "osrm-extract") is None
    assert environment.interpreter("osrm") is None


def test_an_interpreter_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    assert install.version_of(broken) == ()
    assert install.version_of(tmp_path / "nothing") == ()
    assert install.version_of(Path(sys.executable)) == sys.version_info[:2]
    assert install.choose([broken]) == Path(sys.executable)


def test_the_server_is_ended_when_the_work_fails(peers: Path, tmp_path: Path) -> None:
    put_program(peers, "osrm-routed", f"#!{sys.executable}\n{LISTENS}")
    note = tmp_path / "pid"

    def fail_after_an_answer() -> None:
        with serve(note) as server:
            assert np.isnan(server.route(np.zeros(4))[:3]).all()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_an_answer()
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_a_server_that_ends_at_once_is_an_error(peers: Path, tmp_path: Path) -> None:
    put_program(peers, "osrm-routed", "#!/bin/sh\nexit 1\n")
    with pytest.raises(PeerError, match="does not answer"), serve(tmp_path / "base"):
        pass


def test_an_extract_is_prepared_once_and_never_half(peers: Path, extract: Path) -> None:
    runs: list[Path] = []

    def work(pbf: Path, made: Path) -> None:
        runs.append(pbf)
        (made / "result").write_text("done")

    def fail(_pbf: Path, _made: Path) -> None:
        raise PeerError("peer-failed", "no")

    with pytest.raises(PeerError):
        prepare_once("osrm", extract, {"work_s": work, "fail_s": fail})
    assert list((peers / "osrm").iterdir()) == []
    first = prepare_once("osrm", extract, {"work_s": work})
    again = prepare_once("osrm", extract, {"work_s": work})
    assert again == first
    assert len(runs) == 2
    assert (first.folder / "result").read_text() == "done"
    assert json.loads((first.folder / "steps.json").read_text()) == first.steps


def test_an_unsorted_extract_becomes_a_sorted_one(extract: Path, tmp_path: Path) -> None:
    pbf = as_pbf(extract, tmp_path)
    assert pbf.suffix == ".pbf"
    assert [entity.id for entity in osmium.FileProcessor(pbf)] == [1, 2]
    assert as_pbf(pbf, tmp_path / "elsewhere") == pbf.resolve()
