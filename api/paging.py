"""Pages by cursor: a signed place in an order, so that a page neither skips nor repeats a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from api.fields import Strict, WholeInQuery, refusal

M = TypeVar("M", bound=Model)
LARGEST_PAGE, USUAL_PAGE = 100, 50
LONGEST_SEARCH = 200


class PageQuery(Strict):
    """What every list can be asked."""

    cursor = serializers.CharField(required=False, max_length=2000)
    page_size = WholeInQuery(
        required=False, min_value=1, help_text="At most 100; more is taken for 100."
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One page and the address of the next."""

    next: str | None
    results: Sequence[Any]


def page_of(
    rows: QuerySet[M], request: Request, asked: dict[str, Any], *, order: tuple[str, ...]
) -> Page:
    """The page after the cursor, in `order` (its last field unique; a minus means descending)."""
    size = min(asked.get("page_size", USUAL_PAGE), LARGEST_PAGE)
    salt = f"api.cursor {rows.model._meta.label} {order}"
    if "cursor" in asked:
        rows = rows.filter(_after(order, place_of(asked["cursor"], salt)))
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return Page(None, found)
    last = [_plain(getattr(found[size - 1], name.lstrip("-"))) for name in order]
    cursor = signing.dumps(last, salt=salt)
    return Page(replace_query_param(request.build_absolute_uri(), "cursor", cursor), found[:size])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def place_of(cursor: str, salt: str) -> list[Any]:
    """The place that this very list, in this order, has signed."""
    try:
        return list(signing.loads(cursor, salt=salt))
    except signing.BadSignature as error:
        raise serializers.ValidationError({"cursor": refusal("cursor_invalid").detail}) from error


def _after(order: tuple[str, ...], place: list[Any]) -> Q:
    """Rows behind `place`: equal in the first fields and further in the next one."""
    behind, equal = Q(), Q()
    for name, value in zip(order, place, strict=True):
        field, further = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        behind |= equal & Q(**{f"{field}__{further}": value})
        equal &= Q(**{field: value})
    return behind
