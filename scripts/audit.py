"""Ask the services that know of vulnerabilities about every locked package; say loudly what was not asked.

Ends with 0 when every package was looked up and none is known to be vulnerable, 1 when one is, and 3 when
something was not looked up: then nothing is known.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3
_ROOT = Path(__file__).resolve().parent.parent
_WITHIN_S = 300
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of the packages of one lock file."""

    lock: str
    asked: int
    vulnerable: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def python_finding(lock: str, report: Mapping[str, Any] | None) -> Finding:
    """Read the report of pip-audit; None where there is none."""
    packages = report["dependencies"] if report is not None else []
    if not packages:
        return Finding(lock, 0, unknown=("no package: the service was not reached",))
    return Finding(
        lock,
        len(packages),
        tuple(
            f"{each['name']} {each['version']}: {', '.join(v['id'] for v in each['vulns'])}"
            for each in packages
            if each.get("vulns")
        ),
        tuple(each["name"] for each in packages if "skip_reason" in each),
    )


def node_finding(lock: str, report: Mapping[str, Any] | None) -> Finding:
    """Read the report of ``npm audit``; None where there is none."""
    if report is None or "metadata" not in report:
        return Finding(lock, 0, unknown=("no package: the service was not reached",))
    found = report.get("vulnerabilities", {})
    names = tuple(f"{name}: {each['severity']}" for name, each in sorted(found.items()))
    return Finding(lock, report["metadata"]["dependencies"]["total"], names)


def judge(findings: Sequence[Finding]) -> int:
    """Tell people, and return how to end."""
    for each in findings:
        known = each.asked - len(each.unknown) if each.asked else 0
        print(f"{each.lock}: {known} packages looked up, {len(each.vulnerable)} vulnerable")
        for name in each.vulnerable:
            print(f"  VULNERABLE  {name}")
        if each.unknown:
            print(f"  NOT AUDITED  {', '.join(each.unknown[:_SHOWN])}")
    if any(each.vulnerable for each in findings):
        return VULNERABLE
    if not findings or any(each.unknown or not each.asked for each in findings):
        print(
            "NOT AUDITED: what could not be looked up may be vulnerable. Run `make audit` with internet."
        )
        return UNKNOWN
    return CLEAN


def _report(command: Sequence[str], folder: Path) -> Any:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_WITHIN_S
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None


def main() -> int:
    """Look everything up."""
    audit = [str(Path(sys.executable).with_name("pip-audit")), "--format", "json"]
    audit += ["--progress-spinner", "off", "--require-hashes", "--disable-pip", "-r"]
    lock = "requirements/dev.txt"  # holds everything that runs, too
    npm = _report(["npm", "audit", "--json"], _ROOT / "driver_app")
    return judge(
        [
            python_finding(lock, _report([*audit, lock], _ROOT)),
            node_finding("driver_app/package-lock.json", npm),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
