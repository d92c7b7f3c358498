"""Every code a feed may be refused or warned about with stands in docs/feeds.md or docs/giving.md."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NO_CODES = {"utf-8", "utf-8-sig"}


def test_all_codes_are_described() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (REPOSITORY / "gtfs").rglob("*.py"))
    used = {code for text in sources for code in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', text)}
    pages = ((REPOSITORY / "docs" / name).read_text("utf-8") for name in ("feeds.md", "giving.md"))
    told = {code for page in pages for code in re.findall(r"`([a-z0-9-]+)`", page)}
    assert used - NO_CODES - told == set()
