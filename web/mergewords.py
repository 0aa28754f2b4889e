"""What contradicts undoing a merge, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linkage.registry.unmerging import Undoing

_WORDS: Mapping[str, str | Promise] = {
    "tax_code": _("The tax code was changed at the one that stayed: it keeps it."),
    "founded_on": _("The founding day was changed at the one that stayed: it keeps it."),
    "representative": _("Another representative was named since: that one stays."),
    "main_product": _("Another main product was named since: that one stays."),
    "contact": _("A contact person was erased since: it does not come back."),
    "product": _("A product was removed since: it does not come back."),
    "certificate": _("A certificate was taken back since: it does not come back."),
}


def contradictions(undoing: Undoing) -> list[tuple[str, str]]:
    """Each contradiction's code with its words, as the choices of a form."""
    return [(one.code, str(_WORDS[one.kind])) for one in undoing.contradictions]
