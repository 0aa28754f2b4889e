"""A key for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry.access import Actor
from linkage.registry.models import Organisation, Role
from linkage.registry.token_scopes import SCOPES, Scope
from web.forms.style import PlatformForm, day_input

_GROUPS = {
    Scope.FIGURES: _("Figures and programmes"),
    Scope.REGISTER: _("The register and contacts"),
    Scope.MARKET: _("Offers, needs and suggestions"),
    Scope.LINKAGES: _("Talks, contracts, deliveries and scans"),
    Scope.VERIFICATION: _("Verification of linkages"),
    Scope.CHAINS: _("Value chains"),
    Scope.PLANS: _("City plans"),
    Scope.RETURNS: _("Yearly returns"),
    Scope.IMPORTS: _("Imports"),
    Scope.JOBS: _("Background work"),
    Scope.CALLS: _("Calls of a field officer"),
}
_ACTS = {"read": _("%(what)s: read"), "write": _("%(what)s: change")}


def scope_words(scope: str) -> str:
    """A scope in the reader's language."""
    group, _, act = scope.partition(":")
    return str(_ACTS[act] % {"what": _GROUPS[Scope(group)]})


class TokenForm(PlatformForm):
    """What a key is for, and until when."""

    controls = {"organisation_id": "standing", "role": "standing"}

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What the key is for: the program’s name.")
    )
    standing = forms.ChoiceField(label=_("On whose behalf"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    ends = forms.DateField(
        label=_("Last day"), widget=day_input(), help_text=_("At most a year from today.")
    )

    def __init__(
        self, *args: Any, actor: Actor, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        standing = cast(forms.ChoiceField, self.fields["standing"])
        standing.choices = _standings(actor, organisations)
        scopes = cast(forms.MultipleChoiceField, self.fields["scopes"])
        scopes.choices = [(one, scope_words(one)) for one in SCOPES]

    def token(self) -> dict[str, Any]:
        """What the service takes."""
        kind, _, key = self.cleaned_data["standing"].partition(":")
        standing = {"organisation_id": int(key)} if kind == "organisation" else {"role": key}
        return {
            **standing,
            **{name: self.cleaned_data[name] for name in ("name", "scopes", "ends")},
        }


def _standings(actor: Actor, organisations: Iterable[Organisation]) -> Sequence[tuple[str, str]]:
    own = [(f"organisation:{one.pk}", one.name) for one in organisations]
    return [*own, *((f"role:{role}", str(Role(role).label)) for role in sorted(actor.roles))]
