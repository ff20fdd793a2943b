"""What is held about somebody."""

from __future__ import annotations

from tests.http.tables.tables import Tables

TABLES = Tables(
    sent={
        "POST /staff/<int:staff_id>/personal-data/": {"sure": "yes"},
    },
    about={
        "POST /staff/<int:staff_id>/personal-data/": {"staff_id": "leaver"},
    },
    wrong={
        "POST /staff/<int:staff_id>/personal-data/": {},
    },
    refused={
        "GET /staff/<int:staff_id>/personal-data/": ("sorcha", "maya"),
        "GET /staff/<int:staff_id>/personal-data/everything.json": ("sorcha", "maya"),
        "POST /staff/<int:staff_id>/personal-data/": ("dan", "sorcha", "maya"),
    },
    no_outsider={
        "POST /staff/<int:staff_id>/personal-data/": "HR does this in every home.",
    },
)
