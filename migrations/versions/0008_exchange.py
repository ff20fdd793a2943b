"""Addresses of calendars, and lists that are taken in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "calendar_address",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_address_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_address_token_hash")),
    )
    with op.batch_alter_table("calendar_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_address_user_id"), ["user_id"], unique=False)

    op.create_table(
        "csv_import",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("only_good", sa.Boolean(), nullable=False),
        sa.Column("row_count", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("deeds", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_csv_import_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_csv_import")),
        sa.UniqueConstraint("uid", name=op.f("uq_csv_import_uid")),
    )
    with op.batch_alter_table("csv_import", schema=None) as batch_op:
        batch_op.create_index("ix_csv_import_user", ["user_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_csv_import_status"), ["status"], unique=False)


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("csv_import")
    op.drop_table("calendar_address")
