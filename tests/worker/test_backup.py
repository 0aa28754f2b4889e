"""A backup is whole: what it holds, put in place elsewhere, passes the audit."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from linkage.agreements.models import EvidenceFile
from linkage.registry.models import Organisation
from tests import postgres
from tests.web import register

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
LARGEST = 8 * 1024 * 1024
RESTORED = f"test_restored_{os.getpid()}"


@pytest.fixture
def house(settings, tmp_path):
    """A linkage with its scan on the disk, a broken upload, and a register kept by an import."""
    settings.MEDIA_ROOT, settings.BACKUP_DIR = tmp_path / "media", tmp_path / "backups"
    (settings.MEDIA_ROOT / "evidence/ab").mkdir(parents=True)
    settings.BACKUP_DIR.mkdir()
    scan = settings.MEDIA_ROOT / "evidence/ab/cd.bin"
    scan.write_bytes(b"%PDF-1.7\n")
    scan.with_suffix(".bin.new").write_bytes(b"%PD")
    (settings.BACKUP_DIR / "register-before-batch-1.json.gz").write_bytes(b"x")
    made = register.linkage(register.organisation("HTX Bán"), register.organisation("Công ty"))
    EvidenceFile.objects.create(
        linkage=made, sha256="0" * 64, stored_as="evidence/ab/cd.bin", size=9, side="seller",
        media_type="application/pdf", name="hợp đồng.pdf", uploaded_at=register.NOW,
    )  # fmt: skip
    return tmp_path


def backed_up(capsys):
    call_command("backup")
    return Path(capsys.readouterr().out.strip())


@pytest.fixture
def restored(tmp_path):
    """Puts the copy of the database in another place and says where."""
    if not postgres.is_used():
        yield lambda made: f"sqlite:///{made / 'noichuoi.sqlite3'}"
        return

    def restore(made):
        postgres.administer(f'CREATE DATABASE "{RESTORED}"')
        into = ["pg_restore", "--dbname", postgres.url_of(RESTORED), made / "noichuoi.dump"]
        subprocess.run(into, check=True)
        return postgres.url_of(RESTORED)

    yield restore
    postgres.administer(f'DROP DATABASE IF EXISTS "{RESTORED}"')


def test_what_was_backed_up_is_whole_in_another_place(house, capsys, restored):
    made = backed_up(capsys)
    assert made.parent == house / "backups"
    assert made.stat().st_mode & 0o077 == 0
    with tarfile.open(made / "files.tar.gz") as packed:
        names = {"media/evidence/ab/cd.bin", "backups/register-before-batch-1.json.gz"}
        assert set(packed.getnames()) == names
        # Python 3.11 before 3.11.4 knows of no filter.
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(house / "elsewhere")
    there = {"DATABASE_URL": restored(made), "MEDIA_DIR": str(house / "elsewhere/media")}
    audit = subprocess.run(
        [sys.executable, "manage.py", "audit_invariants", "--json"],
        cwd=ROOT, env={**os.environ, **there, "VAR_DIR": str(house / "var")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(audit.stdout)
    assert found["ok"]
    assert found["checks"]["evidence_rows_have_their_files"]["seen"] == 1


@pytest.fixture
def no_large_file():
    """The system refuses a file beyond this size, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_backup_that_breaks_off_leaves_nothing_and_says_why(house, settings, request):
    # Bytes that cannot be packed smaller.
    (settings.MEDIA_ROOT / "evidence/ab/ef.bin").write_bytes(os.urandom(2 * LARGEST))
    request.getfixturevalue("no_large_file")
    with pytest.raises(CommandError, match="File too large") as refusal:
        call_command("backup")
    assert refusal.value.returncode == 2
    assert [path.name for path in settings.BACKUP_DIR.iterdir()] == [
        "register-before-batch-1.json.gz"
    ]
    assert Organisation.objects.count() == 2
    connection.close()
