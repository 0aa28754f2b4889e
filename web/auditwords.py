"""What events of the audit log are called: their subjects, their kinds, what was read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from web.happenings import WORDS, words_of

SUBJECTS: Mapping[str, str | Promise] = {
    "organisation": _("Organisation"),
    "linkage": _("Linkage"),
    "pool": _("Pool"),
    "offer": _("Offer"),
    "need": _("Need"),
    "suggestion": _("Suggestion"),
    "plan": _("City plan"),
    "account": _("Account"),
    "join_request": _("Access request"),
    "import_batch": _("Import"),
    "programme": _("Programme"),
    "indicator": _("Indicator"),
    "reading": _("Reading"),
    # As earlier versions noted what a field officer read.
    "area_reading": _("Reading of a field officer"),
    "page": _("Page"),
    "year_return": _("Yearly return"),
    "exports": _("Workbook of the register"),
}
# Kinds of events that no subject's page shows; the others are in `web.happenings`.
_MORE: Mapping[str, str | Promise] = {
    "read": _("Shown to an office"),
    "area_read": _("Page of the area opened"),
    "account_created": _("Account made"),
    "account_signed_up": _("Signed up"),
    "account_switched_on": _("Account switched on"),
    "account_switched_off": _("Account switched off"),
    "role_granted": _("Role granted"),
    "role_revoked": _("Role revoked"),
    "messages_chosen": _("Messages chosen"),
    "requested": _("Access asked for"),
    "request_approved": _("Access request approved"),
    "request_refused": _("Access request refused"),
    "request_withdrawn": _("Access request withdrawn"),
    "answered": _("Questions about a workbook answered"),
    "row_corrected": _("Row of a workbook corrected"),
    "applied": _("Workbook taken into the register"),
    "undone": _("Import undone"),
    "indicator_added": _("Indicator added"),
    "value_entered": _("Value entered by hand"),
    "value_corrected": _("Value put right"),
    "value_withdrawn": _("Value withdrawn"),
    "return_saved": _("Draft of a yearly return saved"),
    "return_sent": _("Yearly return sent"),
    "return_accepted": _("Yearly return accepted"),
    "return_sent_back": _("Yearly return sent back"),
    "token_made": _("Key for programs made"),
    "token_revoked": _("Key for programs revoked"),
    "plan_asked": _("City plan asked for"),
    "plan_proposed": _("City plan suggested to its sides"),
    "overlooked_introduced": _("Cooperatives introduced that nobody was shown"),
    "suggestion_seen": _("Suggestion looked at"),
    "suggestion_dismissed": _("Suggestion dismissed"),
    "pool_proposed": _("Pool proposed"),
    "pool_agreed": _("A member of a pool agreed"),
    "pool_declined": _("A member of a pool declined"),
    "pool_withdrawn": _("Pool taken back"),
    "pool_lapsed": _("Pool not agreed in time"),
    "pool_in_force": _("Pool agreed by all"),
    "suggestion_proposed": _("Talks opened from a suggestion"),
}
KINDS: Mapping[str, str | Promise] = {**WORDS, **_MORE}
READ: Mapping[str, str | Promise] = {
    "contacts": _("contact persons"),
    "personal_tax_code": _("personal tax code"),
    "agreed_volume": _("agreed volume"),
    "consent_scan": _("scan of a consent"),
    "area_page": _("page of a field officer’s area"),
    "office_page": _("page of an administrator"),
}


def subject_words(kind: str) -> str:
    """A kind of subject in the reader's language; an unknown one as it stands."""
    return str(SUBJECTS.get(kind, kind.replace("_", " ")))


def kind_words(kind: str) -> str:
    """A kind of event in the reader's language; an unknown one as it stands."""
    return str(_MORE[kind]) if kind in _MORE else words_of(kind)


def read_words(what: str) -> str:
    """What was read, in the reader's language."""
    return str(READ.get(what, what.replace("_", " ")))
