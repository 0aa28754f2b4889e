"""Reads a request's JSON strictly: what two readers could understand differently is refused.

Refused are duplicate keys, NaN and infinities (1e400 is one), integers over 18 digits, NUL and
lone surrogates, nesting over 32 levels, anything but an object at the top, anything but UTF-8.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from linkage.errors import Invalid, TooLarge

MAX_DEPTH = 32
# Ten to the 18th fits into eight bytes with room to spare.
MAX_DIGITS = 18


class MalformedJson(Invalid):
    """The body is no JSON, or JSON that two readers could understand differently."""

    code = "json_malformed"
    words = _("The body is not well-formed JSON.")


class NotAnObject(Invalid):
    """The body is JSON, and no object."""

    code = "json_not_an_object"
    words = _("The body must be one JSON object.")


class DuplicateKey(Invalid):
    """A key stands twice in one object."""

    code = "json_duplicate_key"
    words = _("A key stands twice in one object.")


class NumberOutOfRange(Invalid):
    """NaN, an infinity, or an integer too long to be stored."""

    code = "json_number_out_of_range"
    words = _("A number is not finite or has more than 18 digits.")


class UnstorableText(Invalid):
    """NUL or half of a surrogate pair: no database stores them alike."""

    code = "json_text_not_storable"
    words = _("A text holds a character that cannot be stored.")


class BodyTooLarge(TooLarge):
    """The body is over its bound."""

    code = "body_too_large"
    words = _("The body is larger than %(bytes)s bytes.")


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        return loads(read_bounded(stream, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def read_bounded(stream: IO[Any], limit: int) -> bytes:
    """The whole stream, at most `limit` bytes whatever its stated length. Raises: BodyTooLarge."""
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge(bytes=limit)
    return body


def loads(body: bytes) -> dict[str, Any]:
    """The one JSON object in `body`.

    Raises: MalformedJson, NotAnObject, DuplicateKey, NumberOutOfRange, UnstorableText.

    >>> loads(b'{"as_of": "2025-12-31"}')
    {'as_of': '2025-12-31'}
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_not_finite,
            parse_float=_float,
            parse_int=_integer,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise MalformedJson from error
    if not isinstance(found, dict):
        raise NotAnObject
    _check(found)
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateKey
    return found


def _not_finite(_literal: str) -> NoReturn:
    raise NumberOutOfRange


def _float(literal: str) -> float:
    value = float(literal)
    if not math.isfinite(value):
        raise NumberOutOfRange
    return value


def _integer(literal: str) -> int:
    if len(literal.lstrip("-")) > MAX_DIGITS:
        raise NumberOutOfRange
    return int(literal)


def _check(whole: dict[str, Any]) -> None:
    """Walk level by level: no recursion, so depth is counted and never exhausts the stack."""
    level: list[Any] = [whole]
    for _depth in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str) and not _storable(value):
                raise UnstorableText
        if not below:
            return
        level = below
    raise MalformedJson


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
