"""training."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Answer the options of an index that has only the rows of which this holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "training_type",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("validity_months", NUMBER, nullable=True),
        sa.Column("reminder_days", sa.Text(), nullable=False),
        sa.Column("blocks_rostering", sa.Boolean(), nullable=False),
        sa.Column("needs_competency", sa.Boolean(), nullable=False),
        sa.Column("applies_to_roles", sa.Text(), nullable=False),
        sa.Column("nations", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint("validity_months IS NULL OR validity_months > 0", name=op.f("ck_training_type_validity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_type")),
        sa.UniqueConstraint("code", name=op.f("uq_training_type_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_training_type_uid")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("training_type_id", NUMBER, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("competency", sa.String(length=24), nullable=False),
        sa.Column("evidence_ref", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("recorded_by", sa.String(length=160), nullable=False),
        sa.Column("verified_by", sa.String(length=160), nullable=True),
        sa.Column("verified_by_id", NUMBER, nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.Column("watched_from", sa.Date(), nullable=False),
        sa.Column("reminded", NUMBER, nullable=True),
        sa.Column("next_look_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint("expires_on IS NULL OR expires_on >= issued_on", name=op.f("ck_certificate_expires")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_certificate_staff_id")),
        sa.ForeignKeyConstraint(
            ["training_type_id"], ["training_type.id"], name=op.f("fk_certificate_training_type_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "staff_id",
            "training_type_id",
            "issued_on",
            name=op.f("uq_certificate_staff_id_training_type_id_issued_on"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_uid")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_expires", ["expires_on", "id"], unique=False)
        batch_op.create_index(
            "ix_certificate_next_look", ["next_look_on"], unique=False, **only_where("next_look_on IS NOT NULL")
        )
        batch_op.create_index("ix_certificate_staff_type", ["staff_id", "training_type_id", "expires_on"], unique=False)
        batch_op.create_index("ix_certificate_type", ["training_type_id", "expires_on"], unique=False)

    op.create_table(
        "training_requirement",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("training_type_id", NUMBER, nullable=False),
        sa.Column("home_id", NUMBER, nullable=True),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("grace_days", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grace_days >= 0", name=op.f("ck_training_requirement_grace_days")),
        sa.ForeignKeyConstraint(["home_id"], ["care_home.id"], name=op.f("fk_training_requirement_home_id")),
        sa.ForeignKeyConstraint(
            ["training_type_id"], ["training_type.id"], name=op.f("fk_training_requirement_training_type_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_requirement")),
        sa.UniqueConstraint(
            "training_type_id", "home_id", "role", name=op.f("uq_training_requirement_training_type_id_home_id_role")
        ),
    )
    with op.batch_alter_table("training_requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_requirement_home_id"), ["home_id"], unique=False)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("training_requirement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_requirement_home_id"))

    op.drop_table("training_requirement")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_type")
        batch_op.drop_index("ix_certificate_staff_type")
        batch_op.drop_index("ix_certificate_next_look", **only_where("next_look_on IS NOT NULL"))
        batch_op.drop_index("ix_certificate_expires")

    op.drop_table("certificate")
    op.drop_table("training_type")
