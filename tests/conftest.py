"""Fixtures every test may use: where the real data lie, hypothesis profiles."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# function-scoped fixtures here are factories and folders: nothing of one example reaches the next
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=CHECKS)
settings.register_profile("long", max_examples=2_000, deadline=None, suppress_health_check=CHECKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real extracts, feeds and instances; skips where it is absent."""
    named = os.environ.get("BUERGERBUS_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data: set BUERGERBUS_DATA to the folder that holds osm/ and gtfs/")
    return folder


ENABLE = {
    "no real data": "BUERGERBUS_DATA=FOLDER make test   (the folder that holds osm/ and gtfs/)",
    "no Chromium": "apt-get install chromium   (Debian; then make test)",
    "no built front end": "make run   (builds it with Node; then make test)",
}
ALLOWED_IN_CI = "no real data"


def _skip_reasons(reporter: pytest.TerminalReporter) -> Counter[str]:
    return Counter(
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        for report in reporter.stats.get("skipped", [])
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with what was skipped and the one command that enables it."""
    reasons = _skip_reasons(terminalreporter)
    if not reasons:
        return
    terminalreporter.section("skipped here, and how to enable it")
    for reason, count in reasons.items():
        command = next((text for key, text in ENABLE.items() if key in reason), "")
        terminalreporter.line(f"{count} x {reason.removeprefix('Skipped: ')}")
        if command:
            terminalreporter.line(f"    enable: {command}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In the gate nothing may be skipped but tests whose real data are absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("BUERGERBUS_NO_SKIP") or reporter is None or session.exitstatus:
        return
    if any(ALLOWED_IN_CI not in reason for reason in _skip_reasons(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def sample_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the invented region with seed 7; built once a session. Copy it before changing it."""
    from regions.build import sample_region as build

    return build(tmp_path_factory.mktemp("sample") / "region", seed=7).path
