"""The Celery app. Its settings are the CELERY_ ones of the project's settings.

celery --app worker.app worker --loglevel INFO
celery --app worker.app beat --loglevel INFO
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("worker", include=["worker.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")
