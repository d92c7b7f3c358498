"""Operators and their areas."""

from sqlmodel import Field, SQLModel


class OperatorRow(SQLModel, table=True):
    """Who runs services: a municipality or an association."""

    __tablename__ = "operator"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class AreaRow(SQLModel, table=True):
    """Where one service runs; its rules stay in the region's area file."""

    __tablename__ = "area"

    id: str = Field(primary_key=True)
    operator_id: int = Field(foreign_key="operator.id")
    name: str
    time_zone: str
