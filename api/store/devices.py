"""What the database knows of tablets, and of who drives with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select, update

from api.store.tables import AreaRow, DeviceRow, DriverSessionRow


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet, who is signed in with it, and the areas of its operator."""

    device: DeviceRow
    session: DriverSessionRow | None
    areas: frozenset[str]


class DeviceQuestions:
    """Questions about tablets."""

    _session: Session

    def device(self, device_id: str) -> DeviceRow | None:
        """Return a tablet by its id."""
        return self._session.get(DeviceRow, device_id)

    def devices(self) -> tuple[DeviceRow, ...]:
        """Return all tablets by their names, those locked out at the end."""
        rows = self._session.exec(select(DeviceRow))
        return tuple(sorted(rows, key=lambda row: (row.revoked_at is not None, row.name, row.id)))

    def device_of_code(self, code_hash: str) -> DeviceRow | None:
        """Return the tablet that is to be enrolled with a code."""
        return self._session.exec(select(DeviceRow).where(DeviceRow.code_hash == code_hash)).first()

    def tablet(self, token_hash: str, session_hash: str | None) -> Tablet | None:
        """Return the tablet of a token, and its session if that is one of its own."""
        wanted = select(DeviceRow).where(DeviceRow.token_hash == token_hash)
        device = self._session.exec(wanted).first()
        if device is None:
            return None
        session = self._session.get(DriverSessionRow, session_hash) if session_hash else None
        if session is not None and session.device_id != device.id:
            session = None
        areas = select(AreaRow.id).where(AreaRow.operator_id == device.operator_id)
        return Tablet(device, session, frozenset(self._session.exec(areas)))


class DeviceChanges(DeviceQuestions):
    """Changes about tablets."""

    def change_device(self, device_id: str, **columns: Any) -> None:  # noqa: ANN401  # of the row
        """Set columns of a tablet."""
        wanted = update(DeviceRow).where(col(DeviceRow.id) == device_id)
        self._session.exec(wanted.values(**columns))

    def locked_device(self, device_id: str) -> DeviceRow | None:
        """Return a tablet that nobody else changes until the transaction ends."""
        wanted = select(DeviceRow).where(DeviceRow.id == device_id).with_for_update()
        return self._session.exec(wanted.execution_options(populate_existing=True)).first()

    def end_driver_sessions(self, device_id: str) -> None:
        """Sign off whoever drives with a tablet."""
        self._session.exec(
            delete(DriverSessionRow).where(col(DriverSessionRow.device_id) == device_id)
        )

    def forget_driver_sessions(self, before: datetime) -> int:
        """Delete sessions that ended before an instant; return how many."""
        gone = self._session.exec(
            delete(DriverSessionRow).where(col(DriverSessionRow.until) < before)
        )
        return int(gone.rowcount)

    def start_driver_session(
        self, token_hash: str, device_id: str, driver: str, now: datetime, until: datetime
    ) -> None:
        """Sign a driver in with a tablet."""
        row = DriverSessionRow(
            token_hash=token_hash, device_id=device_id, driver=driver, created_at=now, until=until
        )
        self._session.add(row)
        self._session.flush()
