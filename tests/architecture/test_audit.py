"""The audit never passes for what it did not look up."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "audit.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """Load the script."""
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*packages: dict[str, Any]) -> dict[str, Any]:
    """Return a report of pip-audit."""
    return {"dependencies": list(packages), "fixes": []}


GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}, {"id": "CVE-2"}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI"}
NODE = {"vulnerabilities": {}, "metadata": {"dependencies": {"total": 40}}}


@pytest.mark.parametrize(
    ("python", "node", "code"),
    [
        (report(GOOD), NODE, 0),
        (report(GOOD, BAD), NODE, 1),
        (report(GOOD, SKIPPED), NODE, 3),
        (report(BAD, SKIPPED), NODE, 1),
        (report(), NODE, 3),
        (None, NODE, 3),
        (report(GOOD), None, 3),
        (report(GOOD), {"error": {"code": "ENOAUDIT"}}, 3),
        (report(GOOD), NODE | {"vulnerabilities": {"x": {"severity": "low"}}}, 1),
    ],
)
def test_only_what_was_looked_up_is_clean(
    audit: Any, capsys: Any, python: Any, node: Any, code: int
) -> None:
    findings = [audit.python_finding("p", python), audit.node_finding("n", node)]
    assert audit.judge(findings) == code
    said = capsys.readouterr().out
    assert ("NOT AUDITED" in said) == (
        code == 3 or SKIPPED in (python or {}).get("dependencies", ())
    )
    assert ("PYSEC-1, CVE-2" in said) == (BAD in (python or {}).get("dependencies", ()))


def test_nothing_asked_is_not_clean(audit: Any) -> None:
    assert audit.judge([]) == 3
