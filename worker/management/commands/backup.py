"""Copies the database, and then the files that its rows name: what `make backup` runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone


class Command(BaseCommand):
    help = "Copy the database and the files into a folder of BACKUP_DIR named after the moment."
    # It reads tables and files only: pages and templates need not be whole for it.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        whole = Path(settings.BACKUP_DIR) / f"{timezone.localtime():%Y-%m-%dT%H%M%S}"
        half = whole.with_name(f".{whole.name}.{os.getpid()}")
        try:
            half.mkdir(parents=True, mode=0o700)
            # A scan lies on the disk before its row is committed: rows first, then the files.
            _copy_rows(half)
            _copy_files(half / "files.tar.gz")
            half.rename(whole)
        except (OSError, DatabaseError, subprocess.CalledProcessError) as error:
            shutil.rmtree(half, ignore_errors=True)
            raise CommandError(f"No backup was made: {error}", returncode=2) from error
        self.stdout.write(str(whole))


def _copy_rows(folder: Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "noichuoi.sqlite3")])
        return
    # Django's own arguments for psql, which pg_dump takes too; the password is in the environment.
    psql, env = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    dump = ["pg_dump", "--format=custom", f"--file={folder / 'noichuoi.dump'}", *psql[1:]]
    subprocess.run(dump, env={**os.environ, **(env or {})}, check=True)  # noqa: S603


def _copy_files(archive: Path) -> None:
    """All of MEDIA_DIR but broken uploads, and what the register held before each import."""
    kept = {"media": settings.MEDIA_ROOT.rglob("*"), "backups": settings.BACKUP_DIR.glob("*.gz")}
    roots = {"media": settings.MEDIA_ROOT, "backups": settings.BACKUP_DIR}
    with tarfile.open(archive, "w:gz") as packed:
        for name, paths in kept.items():
            for path in sorted(paths):
                if path.is_file() and path.suffix != ".new":
                    packed.add(path, Path(name) / path.relative_to(roots[name]))
