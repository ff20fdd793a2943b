"""timesheets and handovers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "home_watch",
        sa.Column("home_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("no_show_minutes", NUMBER, nullable=True),
        sa.Column("handover_minutes", NUMBER, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint("handover_minutes BETWEEN 5 AND 720", name=op.f("ck_home_watch_handover_minutes")),
        sa.CheckConstraint("no_show_minutes BETWEEN 5 AND 720", name=op.f("ck_home_watch_no_show_minutes")),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_home_watch_home_id")),
        sa.PrimaryKeyConstraint("home_id", name=op.f("pk_home_watch")),
    )
    _timesheets()
    _payroll()
    _handovers()


def _timesheets() -> None:
    op.create_table(
        "timesheet",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("home_id", NUMBER, nullable=False),
        sa.Column("shift_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("in_at", MOMENT, nullable=True),
        sa.Column("out_at", MOMENT, nullable=True),
        sa.Column("break_minutes", NUMBER, nullable=False),
        sa.Column("hours", NUMBER, nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=160), nullable=False),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 240", name=op.f("ck_timesheet_break")),
        sa.CheckConstraint("out_at > in_at", name=op.f("ck_timesheet_out_after_in")),
        sa.CheckConstraint(
            "status = 'draft' OR (in_at IS NOT NULL AND out_at IS NOT NULL AND hours > 0)",
            name=op.f("ck_timesheet_whole_when_handed_in"),
        ),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_timesheet_home_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_timesheet_shift_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_timesheet_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timesheet")),
        sa.UniqueConstraint("shift_id", "staff_id", name=op.f("uq_timesheet_shift_id_staff_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_timesheet_uid")),
    )
    with op.batch_alter_table("timesheet", schema=None) as batch_op:
        batch_op.create_index("ix_timesheet_home_status_date", ["home_id", "status", "local_date"], unique=False)
        batch_op.create_index("ix_timesheet_staff_date", ["staff_id", "local_date"], unique=False)


def _payroll() -> None:
    op.create_table(
        "payroll_export",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("home_id", NUMBER, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("lines", NUMBER, nullable=False),
        sa.Column("new_lines", NUMBER, nullable=False),
        sa.Column("hours", NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=160), nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_payroll_export_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payroll_export")),
        sa.UniqueConstraint("uid", name=op.f("uq_payroll_export_uid")),
    )
    with op.batch_alter_table("payroll_export", schema=None) as batch_op:
        batch_op.create_index("ix_payroll_export_home", ["home_id", "id"], unique=False)

    op.create_table(
        "payroll_line",
        sa.Column("export_id", NUMBER, nullable=False),
        sa.Column("timesheet_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["payroll_export.id"], name=op.f("fk_payroll_line_export_id")),
        sa.ForeignKeyConstraint(["timesheet_id"], ["timesheet.id"], name=op.f("fk_payroll_line_timesheet_id")),
        sa.PrimaryKeyConstraint("export_id", "timesheet_id", name=op.f("pk_payroll_line")),
    )
    with op.batch_alter_table("payroll_line", schema=None) as batch_op:
        batch_op.create_index("ix_payroll_line_timesheet", ["timesheet_id"], unique=False)


def _handovers() -> None:
    op.create_table(
        "handover",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("home_id", NUMBER, nullable=False),
        sa.Column("unit_id", NUMBER, nullable=True),
        sa.Column("change_at", MOMENT, nullable=False),
        sa.Column("from_shift_id", NUMBER, nullable=True),
        sa.Column("to_shift_id", NUMBER, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=160), nullable=False),
        sa.Column("written_by_id", NUMBER, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=160), nullable=False),
        sa.Column("acknowledged_by_id", NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["from_shift_id"], ["shift.id"], name=op.f("fk_handover_from_shift_id")),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_handover_home_id")),
        sa.ForeignKeyConstraint(["to_shift_id"], ["shift.id"], name=op.f("fk_handover_to_shift_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_handover_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("uid", name=op.f("uq_handover_uid")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index("ix_handover_home_change", ["home_id", "change_at"], unique=False)

    op.create_table(
        "handover_item",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("handover_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.String(length=160), nullable=False),
        sa.Column("done_by_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_item_handover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_item")),
        sa.UniqueConstraint("handover_id", "position", name=op.f("uq_handover_item_handover_id_position")),
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in ("handover_item", "handover", "payroll_line", "payroll_export", "timesheet", "home_watch"):
        op.drop_table(table)
