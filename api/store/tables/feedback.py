"""What people say about the service."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel


class FeedbackRow(SQLModel, table=True):
    """Praise, complaint or idea; text and contact go with the time the area keeps names."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("feedback_area", "area_id", "created_at"),
        CheckConstraint(
            "about IN ('booking', 'tour', 'refusal', 'page', 'service')", name="feedback_about"
        ),
        CheckConstraint("kind IN ('praise', 'complaint', 'idea', 'fault')", name="feedback_kind"),
        CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name="feedback_stars"),
        CheckConstraint("state IN ('new', 'seen', 'answered')", name="feedback_state"),
    )

    id: str = Field(primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    about: str
    about_id: str | None = Field(index=True)
    kind: str
    stars: int | None
    text: str
    contact: str | None
    state: str
    answer: str | None
    created_at: datetime
    answered_at: datetime | None
