"""The sentence of a quick post, and the ordinary form filled in with what was understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Case, Value, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from linkage.market.models import PostKind
from linkage.market.quick import LONGEST_TEXT, Proposal, window_of
from linkage.registry.models import Commune
from web.forms.numbers import written
from web.forms.posts import NewPostForm, usual_units
from web.forms.style import Lines, NamedChoice, PlatformForm

_SIDES = [(PostKind.OFFER.value, _("We sell")), (PostKind.NEED.value, _("We buy"))]


class TextForm(PlatformForm):
    """What is typed or pasted."""

    text = forms.CharField(
        label=_("Write as you do in Zalo"), max_length=LONGEST_TEXT,
        widget=Lines(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip


class QuickForm(NewPostForm):
    """The ordinary form of a new post, and what a sentence may leave open besides: which side."""

    side = forms.ChoiceField(label=_("Sell or buy"), choices=_SIDES, widget=forms.RadioSelect)
    keeps_text = forms.BooleanField(label=_("Others may read this sentence"), required=False)

    def __init__(self, *args: Any, proposal: Proposal, own_place: str, **kwargs: Any) -> None:
        super().__init__(*args, has_own_place=bool(own_place), **kwargs)
        # The sentence named a place that can be several: none of them is taken for granted.
        self.asks_which_place = _is_doubtful(proposal, own_place)
        if proposal.communes:
            self._show_first(proposal.communes)
        if self.asks_which_place:
            place = cast(NamedChoice, self.fields["commune"])
            place.required, place.empty_label = True, _("choose a commune")

    def _show_first(self, codes: tuple[str, ...]) -> None:
        named = Case(When(pk__in=codes, then=Value(0)), default=Value(1))
        place = cast(NamedChoice, self.fields["commune"])
        place.queryset = Commune.objects.order_by(named, "sort_key")

    def more_fields(self) -> list[forms.BoundField]:
        """What stands behind "more"; certificates depend on the side."""
        apart = {"side", "keeps_text", "commune"} | (
            {"marks"} if not self["side"].value() else set()
        )
        return [field for field in super().more_fields() if field.name not in apart]


def _is_doubtful(proposal: Proposal, own: str) -> bool:
    """Whether a named place can be several communes, none of them the organisation's own."""
    return len(proposal.communes) > 1 and own not in proposal.communes


def initial_of(
    proposal: Proposal, *, today: date, own_place: str, held: Mapping[str, int], dimension: str
) -> dict[str, Any]:
    """What the form starts with: what was understood, else what is usual.

    `held`: the organisation's certificates, their ids by what they certify.
    """
    starts, ends = window_of(proposal, today)
    return {
        **usual_units(dimension or "mass"),
        **{name: value for name, value in _amounts(proposal).items() if value},
        "side": proposal.side.value if proposal.side else "",
        "commodity": proposal.commodity_name,
        "chosen": proposal.commodity or "",
        "period": proposal.period,
        "starts": starts,
        "ends": ends,
        "commune": _place(proposal, own_place),
        "grade": proposal.grade,
        "marks": _marks(proposal, held),
    }


def _amounts(proposal: Proposal) -> dict[str, Any]:
    return {
        "quantity": None if proposal.quantity is None else written(proposal.quantity),
        "unit": proposal.unit,
        "price": None if proposal.price is None else written(proposal.price),
        "price_unit": proposal.price_unit,
    }


def _place(proposal: Proposal, own_place: str) -> str | None:
    found = proposal.communes
    return found[0] if len(found) == 1 and found[0] != own_place else None


def _marks(proposal: Proposal, held: Mapping[str, int]) -> list[Any]:
    if proposal.side is PostKind.NEED:
        return list(proposal.certifications)
    return [held[code] for code in proposal.certifications if code in held]


def typed_over(data: QueryDict, shown: QuickForm) -> dict[str, Any]:
    """What the person changed of a form that was shown: it stays when the sentence is read anew."""
    changed: dict[str, Any] = {}
    for name in shown.fields:
        if name not in data and not (name == "marks" and "unit" in data):
            continue
        value = shown[name].value()
        before = value if isinstance(value, list) else [value or ""]
        now = data.getlist(name)
        if sorted(str(one) for one in before) != sorted(now):
            changed[name] = now if isinstance(value, list) else now[-1]
    return changed
