"""shift templates."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = datetime(2026, 1, 1, tzinfo=UTC)
# Code, name, start, end, unpaid minutes, colour, kind, working time.
USUAL = (
    ("LD", "Long day", "08:00", "20:00", 60, "blue", "regular", "full"),
    ("N", "Night", "20:00", "08:00", 60, "violet", "regular", "full"),
    ("E", "Early", "07:30", "14:30", 30, "amber", "regular", "full"),
    ("L", "Late", "14:00", "21:30", 30, "teal", "regular", "full"),
    ("SI", "Sleep-in", "22:00", "07:00", 0, "grey", "regular", "sleep_in"),
    ("TR", "Training", "09:00", "16:30", 30, "green", "training", "full"),
)


def upgrade() -> None:
    """Make the table, with the templates every FlowApp begins with."""
    made = op.create_table(
        "shift_template",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("home_id", NUMBER, nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("start_local", sa.String(length=5), nullable=False),
        sa.Column("end_local", sa.String(length=5), nullable=False),
        sa.Column("unpaid_break_minutes", NUMBER, nullable=False),
        sa.Column("colour", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("working_time", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint("unpaid_break_minutes BETWEEN 0 AND 120", name=op.f("ck_shift_template_unpaid_break")),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_shift_template_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_template")),
        sa.UniqueConstraint("uid", name=op.f("uq_shift_template_uid")),
    )
    with op.batch_alter_table("shift_template", schema=None) as batch_op:
        batch_op.create_index("ix_shift_template_home_code", ["home_id", "code"], unique=False)
    op.bulk_insert(made, [_row(number, *usual) for number, usual in enumerate(USUAL)])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("shift_template")


def _row(number: int, *usual: object) -> dict[str, object]:
    names = ("code", "name", "start_local", "end_local", "unpaid_break_minutes", "colour", "kind", "working_time")
    return {
        **dict(zip(names, usual, strict=True)),
        "uid": f"01KDVDQX000000000000000TP{number}",
        "home_id": None,
        "role": None,
        "skills": "[]",
        "is_active": True,
        "created_at": AT,
        "version": 1,
    }
