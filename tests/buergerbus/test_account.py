"""The first account from the command line, and what helps when somebody is locked out."""

import json
import sys
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest

PASSWORD = "sieben graue Kraniche"  # noqa: S105  # of a folder that lives for a second


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with an administrator, Ada."""
    folder = tmp_path / "data"
    added = account(folder, "add", "Ada@example.org", "--name", "Ada", typed=f"{PASSWORD}\n" * 2)
    assert added.returncode == 0, added.stderr
    assert PASSWORD not in added.stdout + added.stderr
    return folder


def account(folder: Path, *arguments: str, typed: str = "") -> "CompletedProcess[str]":
    """Run ``buergerbus account``."""
    command = "from buergerbus.cli import main; main()"
    return run(
        [sys.executable, "-W", "ignore", "-c", command, "account", *arguments, "--data-dir", folder],
        input=typed, capture_output=True, text=True, check=False,
    )  # fmt: skip


def listed(folder: Path) -> list[dict[str, object]]:
    """Return what ``list --json`` prints."""
    return list(json.loads(account(folder, "list", "--json").stdout))


def test_the_first_account_is_an_administrators(data: Path) -> None:
    assert listed(data) == [
        {
            "login": "ada@example.org",
            "name": "Ada",
            "role": "administrator",
            "operator": None,
            "two_steps": False,
            "enabled": True,
        }
    ]
    told = account(data, "reset", "ADA@example.org")
    assert "ada@example.org signs in once with" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "ada@example.org", "--name", "Ada"), f"{PASSWORD}\n" * 2, "this login already"),
        (("add", "eva", "--name", "Eva"), "kurz\nkurz\n", "12 to 128 characters"),
        (("add", "a b", "--name", "Eva"), f"{PASSWORD}\n" * 2, "without spaces"),
        (("add", "eva", "--name", "Eva", "--role", "driver"), "", "none of administrator"),
        (("add", "eva", "--name", "Eva", "--role", "agent"), "", "one of the operators"),
        (("disable", "ada@example.org"), "", "At least one administrator"),
        (("disable", "nobody"), "", "no such account"),
        (("reset", "nobody", "--second-factor"), "", "no such account"),
    ],
)
def test_what_is_wrong_is_one_line(
    data: Path, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    answer = account(data, *arguments, typed=typed)
    assert answer.returncode == 2
    assert said in answer.stderr.splitlines()[-1]
    assert len(listed(data)) == 1
    assert listed(data)[0]["enabled"] is True


def test_an_account_is_disabled_and_comes_back(data: Path) -> None:
    account(data, "add", "eva", "--name", "Eva", typed=f"{PASSWORD}\n" * 2)
    assert "eva is disabled." in account(data, "disable", "eva").stdout
    assert [row["enabled"] for row in listed(data)] == [True, False]
    account(data, "disable", "eva", "--undo")
    assert [row["enabled"] for row in listed(data)] == [True, True]
