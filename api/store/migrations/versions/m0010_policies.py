"""Row-level security: PostgreSQL shows rows of the areas a transaction is about, and no others.

Revision 0010, after 0009. Nothing to do on SQLite, which has no such thing.
"""

from alembic import op

from api.store.policies import of_area, of_operator, protect, through, unprotect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CONDITIONS = {
    "area": (of_area("id"),),
    "operator": (of_operator("operator", "id"),),
    **dict.fromkeys(
        (
            "booking",
            "closure",
            "event",
            "event_seal",
            "feedback",
            "refusal",
            "sealed_event",
            "sheet_mail",
            "shift",
            "tour",
            "vehicle_outage",
        ),
        (of_area(),),
    ),
    "message": (of_area(), through("message", "booking_id", "booking")),
    "rider": (of_area(), of_operator("rider")),
    "standing_order": (of_area(), through("standing_order", "rider_id", "rider")),
    **{name: (of_operator(name),) for name in ("account", "api_key", "device", "driver")},
    **{
        name: (through(name, "booking_id", "booking"),)
        for name in ("contact", "key_booking", "promise_history", "push_subscription")
    },
    **{
        name: (through(name, "account_id", "account"),)
        for name in ("account_event", "account_session", "recovery_code")
    },
    "driver_session": (through("driver_session", "device_id", "device"),),
    "standing_ride": (
        through("standing_ride", "order_id", "standing_order"),
        f"(booking_id IS NULL OR {through('standing_ride', 'booking_id', 'booking')})",
    ),
    "visit": (through("visit", "tour_id", "tour"),),
    "visit_rider": (
        through("visit_rider", "tour_id", "tour"),
        through("visit_rider", "booking_id", "booking"),
    ),
}
# A code must be new among all bookings, also among those that are not shown. Should it fail between, what it
# belongs to is rolled back, and the setting with it.
_CODE_EXISTS = """
CREATE FUNCTION booking_code_exists(wanted text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('buergerbus.areas', true);
    found_one boolean;
BEGIN
    PERFORM set_config('buergerbus.areas', '*', true);
    found_one := EXISTS (SELECT 1 FROM booking WHERE code = wanted);
    PERFORM set_config('buergerbus.areas', coalesce(before, ''), true);
    RETURN found_one;
END $$
"""


def upgrade() -> None:
    """Write the policies."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, conditions in _CONDITIONS.items():
        protect(op.execute, table, *conditions)
    op.execute(_CODE_EXISTS)


def downgrade() -> None:
    """Remove them."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP FUNCTION booking_code_exists(text)")
    for table in _CONDITIONS:
        unprotect(op.execute, table)
