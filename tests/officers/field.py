"""A field officer of commune 1 in the small market of tests.market, and the consents it records."""

from __future__ import annotations

from datetime import date, timedelta

from linkage.registry.access import actor_of
from linkage.registry.models import Commune, Deed, RoleGrant, User
from linkage.registry.services import Given, record_consent
from tests.market import town

TODAY = town.TODAY


def officer(username="can-bo", communes=("1",), **period):
    user = User.objects.create(
        username=username, email=f"{username}@example.org", full_name="Cán bộ Một"
    )
    grant = RoleGrant.objects.create(
        user=user, role="field_officer", **{"starts": date(2020, 1, 1), **period}
    )
    grant.communes.set(Commune.objects.filter(pk__in=communes))
    return user


def acting(user, on=TODAY):
    """The officer with what it may on the day."""
    return actor_of(user, on=on)


def given(**changes):
    values = {
        "given_by": "Bà Giám Đốc", "way": "phone", "given_on": TODAY,
        "until": TODAY + timedelta(days=90), "deeds": list(Deed.values),
    }  # fmt: skip
    return Given(**{**values, **changes})


def consent(user, organisation, now=town.NOW, **changes):
    return record_consent(
        actor=acting(user), organisation_id=organisation.pk, given=given(**changes), now=now
    )
