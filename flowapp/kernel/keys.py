"""Secrets made once and kept beside the database, readable by nobody else."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

from flowapp.kernel.settings import Settings


def kept_secret(folder: Path, name: str) -> str:
    """Answer the secret of this name, made at its first use; two processes that start at once get the same one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = path.read_text().strip() if path.exists() else ""
        return kept or _make(path)
    finally:
        os.close(lock)


def _make(path: Path) -> str:
    """Write a new secret beside its place and move it there, so that nobody ever reads half of it."""
    made = secrets.token_urlsafe(32)
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return made


def secret_key(settings: Settings) -> str:
    """Answer the key that forms are signed with."""
    return settings.secret_key or kept_secret(settings.instance_folder, "secret-key")


def demo_password(settings: Settings) -> str:
    """Answer the password of the demo sign-ins."""
    return settings.demo_password or kept_secret(settings.instance_folder, "demo-password")[:16]
