"""shift assignments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "shift_assignment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("shift_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", NUMBER, nullable=True),
        sa.Column("by_execution_id", NUMBER, nullable=True),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("score", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("overruled", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_assignment_shift_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shift_assignment_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_assignment")),
    )
    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_shift_assignment_shift", ["shift_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_assignment_staff_id"), ["staff_id"], unique=False)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_assignment_staff_id"))
        batch_op.drop_index("ix_shift_assignment_shift")

    op.drop_table("shift_assignment")
