"""Secrets made once and kept beside the database, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flowapp.kernel.settings import Settings


def kept_secret(folder: Path, name: str) -> str:
    """Answer the secret of this name, made at its first use; two processes that start at once get the same one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        made = secrets.token_urlsafe(32)
        file.write(made)
    return made


def secret_key(settings: Settings) -> str:
    """Answer the key that forms are signed with."""
    return settings.secret_key or kept_secret(settings.instance_folder, "secret-key")


def demo_password(settings: Settings) -> str:
    """Answer the password of the demo sign-ins."""
    return settings.demo_password or kept_secret(settings.instance_folder, "demo-password")[:16]
