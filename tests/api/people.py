"""People of the tests: accounts without a password, signed in without a form."""

from typing import Any

from api.people import sessions
from api.rights import Role
from api.store.tables import AccountRow
from api.store.writer import Writer


def signed_in(server: Any, role: Role, operator: str | None = None) -> dict[str, str]:
    """Add an account of an operator (the first of the server) and a session; return its cookie."""
    now = server.clock.now()

    def work(writer: Writer) -> str:
        known = {row.name: row.id for row in writer.operators()}
        owner = None if role is Role.ADMINISTRATOR else known[operator or min(known)]
        count = len(writer.accounts())
        row = AccountRow(
            id=f"account-{count}", operator_id=owner, role=role, name=f"{role} {count}", login=f"a{count}",
            password_hash="", created_at=now, changed_at=now,
        )  # fmt: skip
        writer.add(row)
        return sessions.begin(writer, row.id, "pytest", now)

    token = server.services.context.database.write(work)
    return {"Cookie": f"{sessions.PLAIN_COOKIE}={token}"}
