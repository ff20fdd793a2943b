"""Secrets made at first use: readable by nobody else, and the same for every process."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from flowapp.kernel.keys import demo_password, kept_secret, secret_key
from flowapp.kernel.settings import Settings


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    made = kept_secret(tmp_path, "key")
    assert len(made) >= 43  # 256 bits as text
    assert kept_secret(tmp_path, "key") == made


def test_two_secrets_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    assert kept_secret(tmp_path, "one") != kept_secret(tmp_path, "two")


def test_nobody_else_may_read_a_secret(tmp_path: Path) -> None:
    kept_secret(tmp_path / "instance", "key")
    assert stat.S_IMODE((tmp_path / "instance" / "key").stat().st_mode) == 0o600


def test_nothing_but_the_secret_is_left_in_the_folder(tmp_path: Path) -> None:
    kept_secret(tmp_path, "key")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_two_processes_that_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from flowapp.kernel.keys import kept_secret\n"
        "sys.stdin.readline(); print(kept_secret(Path(sys.argv[1]), 'key'))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = {process.communicate(timeout=30)[0].strip() for process in started}
    assert found == {(tmp_path / "key").read_text()}


def test_a_file_that_is_not_written_yet_is_never_taken_for_the_secret(tmp_path: Path) -> None:
    """Another process has opened the file and not written it; or it died there, or the disk was full."""
    (tmp_path / "key").touch(0o600)
    assert len(kept_secret(tmp_path, "key")) >= 43


def test_a_key_that_is_set_is_used_and_none_is_made(settings: Settings, tmp_path: Path) -> None:
    chosen = settings.model_copy(update={"secret_key": "mine", "demo_password": "porridge"})
    assert secret_key(chosen) == "mine"
    assert demo_password(chosen) == "porridge"
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_not_set_is_made_beside_the_database(settings: Settings, tmp_path: Path) -> None:
    chosen = settings.model_copy(update={"secret_key": ""})
    assert secret_key(chosen) == (tmp_path / "secret-key").read_text()
    assert demo_password(chosen) == (tmp_path / "demo-password").read_text()[:16]
    assert len(demo_password(chosen)) == 16
