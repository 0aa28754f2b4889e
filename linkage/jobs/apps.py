"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from linkage.migrating import refuse_what_stopped_half_way


class JobsConfig(AppConfig):
    name = "linkage.jobs"

    def ready(self) -> None:
        # Once, not for each app: the receiver looks at all of them.
        pre_migrate.connect(refuse_what_stopped_half_way, sender=self)
