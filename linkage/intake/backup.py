"""What the register held before a batch was applied, as a compressed JSON file."""

from __future__ import annotations

import gzip
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from linkage.agreements.models import Linkage
from linkage.intake.models import ImportBatch, RegisterKey
from linkage.intake.paths import about
from linkage.intake.planning.register import FACTS
from linkage.registry.models import Certificate, ContactPerson, Organisation, Product

TABLES: tuple[type[Any], ...] = (
    Organisation,
    *(model for model, _ in FACTS.values()),
    ContactPerson,
    Product,
    Certificate,
    Linkage,
    RegisterKey,
)


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that an import writes, in order of id; one query a table."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in TABLES
    }


def write_backup(batch: ImportBatch, now: datetime) -> str:
    """Write the file whole or not at all; return its path below BACKUP_DIR."""
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"register-before-batch-{batch.pk}-{now:%Y%m%dT%H%M%S}.json.gz"
    content = {"batch": batch.pk, "made_at": now.isoformat(), "tables": dump()}
    text = json.dumps(content, default=str, ensure_ascii=False, separators=(",", ":"))
    unfinished = folder / f".{name}.{os.getpid()}"
    with about(folder / name):
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            # Level 1: it is written before each import, and read almost never.
            file.write(gzip.compress(text.encode(), compresslevel=1))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
    return name
