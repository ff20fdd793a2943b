"""presence: when people can work, where they help out, and when they are not there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = "talked_at IS NULL AND kind = 'sickness'"


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Answer the options of an index that has only the rows of which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "availability_pattern",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("repeat_weeks", NUMBER, nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_availability_pattern_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_pattern")),
    )
    with op.batch_alter_table("availability_pattern", schema=None) as batch_op:
        batch_op.create_index("ix_availability_pattern_staff", ["staff_id", "valid_from"], unique=False)

    op.create_table(
        "availability_exception",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_availability_exception_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_exception")),
    )
    with op.batch_alter_table("availability_exception", schema=None) as batch_op:
        batch_op.create_index("ix_availability_exception_staff", ["staff_id", "ends_at"], unique=False)

    op.create_table(
        "staff_home_scope",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("home_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_staff_home_scope_home_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_home_scope_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_home_scope")),
        sa.UniqueConstraint("staff_id", "home_id", name=op.f("uq_staff_home_scope_staff_id_home_id")),
    )
    with op.batch_alter_table("staff_home_scope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_home_scope_home_id"), ["home_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("home_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("expected_return", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(length=160), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talked_by", sa.String(length=160), nullable=True),
        sa.Column("talk_note", sa.Text(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_absence_home_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absence_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("uid", name=op.f("uq_absence_uid")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_home_days", ["home_id", "first_day"], unique=False)
        batch_op.create_index("ix_absence_open", ["staff_id"], unique=False, **only_where(OPEN))
        batch_op.create_index("ix_absence_staff_days", ["staff_id", "first_day"], unique=False)


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_staff_days")
        batch_op.drop_index("ix_absence_open", **only_where(OPEN))
        batch_op.drop_index("ix_absence_home_days")

    op.drop_table("absence")
    with op.batch_alter_table("staff_home_scope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_home_scope_home_id"))

    op.drop_table("staff_home_scope")
    with op.batch_alter_table("availability_exception", schema=None) as batch_op:
        batch_op.drop_index("ix_availability_exception_staff")

    op.drop_table("availability_exception")
    with op.batch_alter_table("availability_pattern", schema=None) as batch_op:
        batch_op.drop_index("ix_availability_pattern_staff")

    op.drop_table("availability_pattern")
