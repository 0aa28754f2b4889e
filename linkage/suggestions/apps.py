"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "linkage.suggestions"
