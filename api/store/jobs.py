"""What the database knows of jobs: who may do them, and which are done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from api.store.tables import JobRunRow, LeaseRow


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as it was seen: who held it, and how often it had been renewed."""

    holder: str
    renewed: int


class JobQuestions:
    """Questions about jobs."""

    _session: Session

    def job_done(self, job: str, key: str) -> bool:
        """Whether a job is done under a key."""
        return self._session.get(JobRunRow, (job, key)) is not None


class JobChanges(JobQuestions):
    """Changes about jobs."""

    def note_job(self, job: str, key: str, now: datetime) -> None:
        """Take down that a job is done under a key."""
        self._session.merge(JobRunRow(job=job, key=key, done_at=now))

    def forget_jobs(self, before: datetime) -> int:
        """Delete what is known of jobs done before an instant; return how many."""
        gone = self._session.exec(delete(JobRunRow).where(col(JobRunRow.done_at) < before))
        return int(gone.rowcount)

    def claim_lease(self, name: str, holder: str, until: datetime, stale: Held | None) -> Held:
        """Renew a lease, or take it if nobody has it or it still is as in ``stale``; say who holds it now."""
        row = self._lease(name) or self._new_lease(name, holder, until)
        if row.holder == holder or Held(row.holder, row.renewed) == stale:
            row.holder, row.renewed, row.until = holder, row.renewed + 1, until
            self._session.add(row)
        return Held(row.holder, row.renewed)

    def drop_lease(self, name: str, holder: str) -> None:
        """Give a lease back, if it is the holder's."""
        self._session.exec(
            delete(LeaseRow).where(col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        )

    def _new_lease(self, name: str, holder: str, until: datetime) -> LeaseRow:
        """Make a lease; of two processes that try at once one finds the other's."""
        row = LeaseRow(name=name, holder=holder, renewed=0, until=until)
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            found = self._lease(name)
            assert found is not None  # noqa: S101  # its key was what stood in the way
            return found
        return row

    def _lease(self, name: str) -> LeaseRow | None:
        wanted = select(LeaseRow).where(LeaseRow.name == name)
        return self._session.exec(wanted.with_for_update()).first()
