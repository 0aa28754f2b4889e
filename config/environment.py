"""Reads settings from the environment and refuses a wrong value loudly, before anything starts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def text(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that NAME_FILE points to, or the default."""
    if name in os.environ:
        return os.environ[name]
    if f"{name}_FILE" in os.environ:
        return Path(os.environ[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    if default is None:
        raise ImproperlyConfigured(f"{name} must be set")
    return default


def boolean(name: str, default: bool) -> bool:
    """true, false, 1 or 0; anything else stops the start."""
    value = text(name, str(default)).lower()
    if value not in _BOOLEANS:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")
    return _BOOLEANS[value]


def integer(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number within [low, high]."""
    value = text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {low} to {high}, not {value!r}"
        )
    return int(value)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """A URL with one of the schemes; empty passes only if it is the default."""
    value = text(name, default)
    if value != default and urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must start with one of {', '.join(schemes)}")
    return value


def kept_secret(path: Path) -> str:
    """A secret made once for this installation and kept in a file that only its owner reads."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
