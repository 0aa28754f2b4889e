"""Serializers and fields that take nothing in silence: unknown fields, hidden characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.core.validators import (
    BaseValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from linkage import text
from linkage.registry import values

AnyField: TypeAlias = serializers.Field[Any, Any, Any, Any]

MAX_TEXT = 300
LONGEST_SOURCE = 2000
MAX_ENTRIES = 50
# Zero-width and bidirectional controls can hide one name in another; control characters likewise.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


_BOUND_WORDS = {
    MaxLengthValidator: _("At most %(limit_value)s characters."),
    MinLengthValidator: _("At least %(limit_value)s characters."),
    MaxValueValidator: _("At most %(limit_value)s."),
    MinValueValidator: _("At least %(limit_value)s."),
}


def _say_bounds(field: AnyField) -> None:
    """Bounds are refused in our words, with the bound: DRF has no Vietnamese ones."""
    for validator in field.validators:
        if isinstance(validator, BaseValidator) and type(validator) in _BOUND_WORDS:
            validator.message = _BOUND_WORDS[type(validator)]


def refusal(code: str) -> serializers.ValidationError:
    """A wrong value; the words belong to the code."""
    return serializers.ValidationError("", code=code)


class Strict(serializers.Serializer[Any]):
    """An input: a field that is not declared here, or is read only, is refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(set(data) - writable)
            if unknown:
                raise serializers.ValidationError(
                    {name: [serializers.ErrorDetail("", code="unknown_field")] for name in unknown}
                )
        return super().to_internal_value(data)


class Out(serializers.Serializer[Any]):
    """An output: reads attributes or keys, decides nothing."""


class Sourced(Out):
    """An output that says where it comes from. DRF's own `source` keeps the name from the class."""

    def get_fields(self) -> dict[str, AnyField]:
        return {**super().get_fields(), "source": serializers.CharField()}


class SourcedIn(Strict):
    """An input that has to say where it comes from."""

    def get_fields(self) -> dict[str, AnyField]:
        return {**super().get_fields(), "source": CleanText(max_length=LONGEST_SOURCE)}


class CleanText(serializers.CharField):
    """Text stored as `linkage.text.clean` makes it; hidden characters are refused, not removed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_TEXT)
        super().__init__(**kwargs)
        _say_bounds(self)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise refusal("not_text")
        if _HIDDEN.search(data) or any("\ud800" <= char <= "\udfff" for char in data):
            raise refusal("hidden_character")
        return text.clean(super().to_internal_value(data))


class Code(serializers.CharField):
    """A stable code of the catalogue or the plan."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.validators.append(RegexValidator(r"^[-.A-Za-z0-9_]+\Z", code="code_invalid"))

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise refusal("not_text")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number written as a JSON number: 3.0, "3" and true are not taken for 3."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _say_bounds(self)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            raise refusal("not_a_whole_number")
        return super().to_internal_value(data)


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}]})
class Amount(serializers.Field[Decimal, Any, str, Any]):
    """A decimal as "3.5", or as a JSON number, which its shortest spelling stands for.

    How large and how fine it may be is the domain's to say.
    """

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            raise refusal("not_an_amount")
        if isinstance(data, str) and not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", data):
            raise refusal("not_an_amount")
        return Decimal(str(data))

    def to_representation(self, value: Decimal) -> str:
        return f"{value:f}"


class YesNo(serializers.BooleanField):
    """true or false as JSON: 1, "yes" and null are not taken for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise refusal("not_a_boolean")
        return data


class Few(serializers.ListField):
    """A short list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_ENTRIES, **kwargs)
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = _("At most %(limit_value)s entries.")


class WholeInQuery(serializers.IntegerField):
    """A whole number in an address, in plain digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _say_bounds(self)

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", str(data)):
            raise refusal("not_a_whole_number")
        return int(data)


class YesNoInQuery(serializers.BooleanField):
    """true or false in an address."""

    def to_internal_value(self, data: Any) -> bool:
        if data not in ("true", "false"):
            raise refusal("not_a_boolean")
        return bool(data == "true")


class Day(serializers.DateField):
    """A day of the calendar as year-month-day, and one that can be meant."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise refusal("no_such_date")
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise refusal("no_such_date") from error
        try:
            return values.day(day, field=str(self.field_name))
        except values.DayOutOfRange as error:
            # Beside what else is wrong with the body, not instead of it.
            raise serializers.ValidationError(str(error), code=error.code) from error
