"""What the database itself refuses, alike on both databases, each with its code and words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection

from linkage.catalogue.models import (
    Certification,
    Commodity,
    Harvest,
    LinkageForm,
    OcopProduct,
    Transformation,
    Unit,
)
from linkage.registry.constraints import WORDS, Refused, as_domain_error
from linkage.registry.models import (
    AccessCode,
    ApiToken,
    Call,
    Certificate,
    CodeTries,
    Commune,
    CommuneFact,
    ConsentScan,
    ContactPerson,
    EarlierPlace,
    FormerCommune,
    JoinRequest,
    KindFact,
    Membership,
    OfficerAct,
    OfficerConsent,
    Organisation,
    Product,
    RegistryEvent,
    Role,
    RoleGrant,
    SectorFact,
    StatusFact,
    User,
)
from tests.constraints import constraints_of, must_be_refused

pytestmark = pytest.mark.django_db

TRIGGERS = [
    f"{rule}_on_{event}"
    for rule in ("role_grant_periods_do_not_overlap", "certificate_periods_do_not_overlap")
    for event in ("insert", "update")
]
DAY = date(2026, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUSE = [app.label for app in apps.get_app_configs() if app.name.startswith("linkage.")]


def organisation(**values):
    return Organisation.objects.create(**{"name": "HTX A", "origin": "staff", **values})


def user():
    return User.objects.create(username="lan", email="lan@example.org")


def officer_consent(**values):
    base = {
        "given_by": "Bà Giám Đốc", "way": "phone", "given_on": DAY, "until": DAY,
        "deeds": ["posts"], "recorded_at": NOW,
    }  # fmt: skip
    return OfficerConsent.objects.create(
        organisation=organisation(), officer=user(), **{**base, **values}
    )


def consent_scan(**values):
    number = ConsentScan.objects.count()
    consent = OfficerConsent.objects.first() or officer_consent()
    base = {
        "sha256": f"{number:064}", "stored_as": f"consents/{number}.bin", "name": "x.pdf",
        "media_type": "application/pdf", "size": 1, "uploaded_by": consent.officer,
        "uploaded_at": NOW,
    }  # fmt: skip
    return ConsentScan.objects.create(**{**base, "consent": consent, **values})


def consent_scan_twice(**values):
    for _time in range(2):
        consent_scan(**values)


def officer_act_twice():
    act = {"kind": "post_published", "subject_kind": "offer", "subject_id": 1, "event_id": 1}
    twice(OfficerAct, consent=officer_consent(), done_at=NOW, **act)


def call(**values):
    return Call.objects.create(
        organisation=organisation(), officer=user(), again_on=DAY, rang_at=NOW, **values
    )


def certification():
    return Certification.objects.create(
        code="vietgap", name_vi="VietGAP", name_en="VietGAP", family="gap", issuer="", source=""
    )


def commodity(**values):
    base = {"code": "x", "level": 1, "dimension": "mass"}
    return Commodity.objects.create(**{**base, **values})


def transformation(**values):
    base = {"from_commodity": commodity(), "stage": "processing", **values}
    return Transformation.objects.create(**{"to_commodity": commodity(code="y"), **base})


def made_of_itself():
    one = commodity(code="z")
    transformation(from_commodity=one, to_commodity=one)


def same_transformation():
    twice(
        Transformation,
        from_commodity=commodity(),
        to_commodity=commodity(code="y"),
        stage="processing",
    )


def commune():
    return Commune.objects.create(code="1", name="Xã A", kind="Xã", latitude=20, longitude=106)


def twice(model, **values):
    model.objects.create(**values)
    model.objects.create(**values)


def merged_into_itself():
    one = organisation()
    one.merged_into = one
    one.save()


def overlapping_grants(lan=None):
    lan = lan or user()
    RoleGrant.objects.create(user=lan, role=Role.AUDITOR, starts=DAY, ends=date(2026, 3, 31))
    RoleGrant.objects.create(user=lan, role=Role.AUDITOR, starts=date(2026, 3, 31))


def overlapping_certificates():
    held = {"organisation": organisation(), "certification": certification()}
    Certificate.objects.create(**held, starts=date(2026, 6, 1))
    Certificate.objects.create(**held, starts=DAY, ends=date(2026, 6, 1))


def grant_moved_over_another():
    lan = user()
    RoleGrant.objects.create(user=lan, role=Role.AUDITOR, starts=DAY, ends=DAY)
    later = RoleGrant.objects.create(user=lan, role=Role.AUDITOR, starts=date(2026, 2, 1))
    RoleGrant.objects.filter(pk=later.pk).update(starts=DAY)


def same_former_commune():
    twice(FormerCommune, name="Xã B", former_district="C", former_province="D",
          commune=commune(), part="whole")  # fmt: skip


def membership(**values):
    values = {"organisation": organisation(), "role": "member", "starts": DAY, **values}
    return Membership.objects.create(user=user(), **values)


def api_token(**values):
    base = {"user": user(), "name": "k", "digest": "d", "created_at": NOW, "ends": DAY}
    return ApiToken.objects.create(**{**base, "role": "auditor", **values})


def access_code(**values):
    base = {"way": "letter", "role": "member", "digest": "0" * 64, "issued_at": NOW}
    return AccessCode.objects.create(
        organisation=organisation(), **{**base, "expires_at": NOW + timedelta(days=1), **values}
    )


def join_request(**values):
    return JoinRequest.objects.create(user=user(), **{"name": "HTX", "created_at": NOW, **values})


def same_address():
    for name in ("lan", "minh"):
        User.objects.create(username=name, email="lan@example.org")


def in_law(**values):
    base = {"kind": "new_name", "on": DAY, "source": "x", "recorded_at": NOW}
    values.setdefault("organisation", None)
    values["organisation"] = values["organisation"] or organisation()
    return RegistryEvent.objects.create(**{**base, **values})


def with_itself():
    one = organisation()
    in_law(organisation=one, kind="split", other=one)


REFUSED = [
    ("account_email_is_used_once", same_address),
    ("code_tries_are_counted_once", lambda: twice(CodeTries, user=user(), hour=NOW)),
    (
        "membership_is_open_once",
        lambda: twice(
            Membership, user=user(), organisation=organisation(), role="member", starts=DAY
        ),
    ),
    (
        "membership_does_not_end_before_it_starts",
        lambda: membership(ends=date(2025, 12, 31)),
    ),
    ("membership_role_is_known", lambda: membership(role="king")),
    ("api_token_is_for_one_organisation_or_office", lambda: api_token(role="")),
    ("api_token_role_is_known", lambda: api_token(role="king")),
    (
        "api_token_is_not_revoked_before_it_is_made",
        lambda: api_token(revoked_at=NOW - timedelta(days=1)),
    ),
    ("access_code_role_is_known", lambda: access_code(role="king")),
    ("access_code_way_is_known", lambda: access_code(way="pigeon")),
    ("access_code_does_not_end_before_it_starts", lambda: access_code(expires_at=NOW)),
    (
        "officer_consent_does_not_end_before_it_starts",
        lambda: officer_consent(until=DAY - timedelta(days=1)),
    ),
    ("officer_consent_way_is_known", lambda: officer_consent(way="pigeon")),
    ("officer_consent_names_who_gave_it", lambda: officer_consent(given_by="")),
    ("consent_scan_is_attached_once", lambda: consent_scan_twice(sha256="0" * 64)),
    ("consent_scan_has_a_place_of_its_own", lambda: consent_scan_twice(stored_as="x")),
    ("consent_scan_is_not_empty", lambda: consent_scan(size=0)),
    ("consent_scan_is_a_scan", lambda: consent_scan(media_type="text/html")),
    ("officer_act_is_noted_once", officer_act_twice),
    ("call_outcome_is_known", lambda: call(outcome="perhaps")),
    ("access_code_is_used_or_cancelled", lambda: access_code(used_at=NOW, cancelled_at=NOW)),
    (
        "join_request_is_open_once",
        lambda: twice(JoinRequest, user=user(), organisation=organisation(), created_at=NOW),
    ),
    ("join_request_state_is_known", lambda: join_request(state="asleep", decided_at=NOW)),
    ("join_request_has_an_end_when_it_ended", lambda: join_request(state="approved")),
    ("join_request_names_an_organisation", lambda: join_request(name="")),
    ("organisation_origin_is_known", lambda: organisation(origin="rumour")),
    (
        "former_commune_part_is_known",
        lambda: FormerCommune.objects.create(name="A", commune=commune(), part="half"),
    ),
    ("earlier_place_kind_is_known", lambda: EarlierPlace.objects.create(place_kind="hamlet")),
    ("commodity_dimension_is_known", lambda: commodity(dimension="length")),
    ("unit_dimension_is_known", lambda: Unit.objects.create(code="m", base_units=1)),
    ("commodity_level_from_1_to_4", lambda: commodity(level=5, parent=commodity(code="y"))),
    ("commodity_has_a_parent_unless_at_the_top", lambda: commodity(level=2)),
    (
        "unit_is_sized_or_has_base_units",
        lambda: Unit.objects.create(code="bao", dimension="mass", sized=True, base_units=1),
    ),
    ("linkage_form_from_1_to_7", lambda: LinkageForm.objects.create(number=8, stages=[])),
    ("transformation_is_listed_once", same_transformation),
    ("transformation_ends_differ", made_of_itself),
    *(
        (
            "transformation_yield_is_above_0_and_at_most_1",
            lambda num=num, den=den: transformation(yield_num=num, yield_den=den),
        )
        for num, den in ((0, 100), (101, 100), (1, None), (None, 1))
    ),
    ("transformation_stage_is_known", lambda: transformation(stage="retail")),
    (
        "harvest_months_are_of_the_year",
        lambda: Harvest.objects.create(commodity=commodity(), months=0),
    ),
    (
        "harvest_months_are_of_the_year",
        lambda: Harvest.objects.create(commodity=commodity(), months=4096),
    ),
    *(
        (
            "ocop_product_has_3_to_5_stars",
            lambda stars=stars: OcopProduct.objects.create(name="Cà rốt", stars=stars),
        )
        for stars in (2, 6)
    ),
    (
        "ocop_product_is_listed_once_a_year",
        lambda: twice(OcopProduct, name="Cà rốt", stars=3, year=2023),
    ),
    (
        "ocop_product_is_listed_once_without_a_year",
        lambda: twice(OcopProduct, name="Cà rốt", stars=3),
    ),
    (
        "role_grant_does_not_end_before_it_starts",
        lambda: RoleGrant.objects.create(
            user=user(), role=Role.AUDITOR, starts=DAY, ends=date(2025, 12, 31)
        ),
    ),
    (
        "role_grant_role_is_known",
        lambda: RoleGrant.objects.create(user=user(), role="king", starts=DAY),
    ),
    ("role_grant_periods_do_not_overlap", overlapping_grants),
    ("role_grant_periods_do_not_overlap", grant_moved_over_another),
    (
        "organisation_tax_code_is_used_once",
        lambda: [organisation(tax_code="0201234567") for _ in range(2)],
    ),
    (
        "organisation_tax_code_is_10_10_3_or_12_digits",
        lambda: organisation(tax_code="0201234567001"),
    ),
    ("organisation_is_not_merged_into_itself", merged_into_itself),
    ("organisation_has_a_name", lambda: organisation(name="")),
    ("registry_event_kind_is_known", lambda: in_law(kind="birthday")),
    ("registry_event_names_the_other_one", lambda: in_law(kind="split")),
    ("registry_event_is_not_with_itself", with_itself),
    (
        "registry_event_is_one_of_its_kind_a_day",
        lambda: [in_law(organisation=one) for one in [organisation()] * 2],
    ),
    (
        "organisation_has_one_representative",
        lambda: twice(
            ContactPerson, organisation=organisation(), name="A", is_representative=True
        ),
    ),
    (
        "organisation_has_one_main_product",
        lambda: twice(Product, organisation=organisation(), as_written="A", is_main=True),
    ),
    (
        "certificate_does_not_end_before_it_starts",
        lambda: Certificate.objects.create(
            organisation=organisation(), certification=certification(), starts=DAY,
            ends=date(2025, 12, 31),
        ),
    ),
    ("certificate_periods_do_not_overlap", overlapping_certificates),
    ("former_commune_went_into_a_commune_once", same_former_commune),
    (
        "organisation_has_one_status_a_day",
        lambda: twice(StatusFact, organisation=organisation(), status="active", since=DAY),
    ),
    (
        "organisation_has_one_undated_status_of_each_kind",
        lambda: twice(StatusFact, organisation=organisation(), status="active"),
    ),
    (
        "status_fact_status_is_known",
        lambda: StatusFact.objects.create(organisation=organisation(), status="asleep"),
    ),
    (
        "organisation_has_one_kind_a_day",
        lambda: twice(KindFact, organisation=organisation(), kind="union", since=DAY),
    ),
    (
        "organisation_has_one_undated_kind",
        lambda: twice(KindFact, organisation=organisation(), kind="union"),
    ),
    (
        "kind_fact_kind_is_known",
        lambda: KindFact.objects.create(organisation=organisation(), kind="club"),
    ),
    (
        "organisation_has_one_sector_a_day",
        lambda: twice(SectorFact, organisation=organisation(), since=DAY),
    ),
    (
        "organisation_has_one_undated_sector",
        lambda: twice(SectorFact, organisation=organisation()),
    ),
    (
        "organisation_has_one_commune_a_day",
        lambda: twice(CommuneFact, organisation=organisation(), since=DAY),
    ),
    (
        "organisation_has_one_undated_commune",
        lambda: twice(CommuneFact, organisation=organisation()),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "attempt"), REFUSED, ids=[name for name, _ in REFUSED])
def test_the_row_is_refused_with_the_rules_name_as_code(name, attempt):
    must_be_refused(name, attempt)


def test_every_constraint_of_the_house_has_words():
    assert constraints_of(*HOUSE) <= set(WORDS)


def test_no_words_are_left_of_a_constraint_that_is_gone():
    periods = {name.removesuffix("_on_insert") for name in TRIGGERS if name.endswith("_insert")}
    assert set(WORDS) <= constraints_of(*HOUSE) | periods


def test_every_constraint_of_these_packages_was_tried():
    assert constraints_of("catalogue", "registry") <= {name for name, _ in REFUSED}


def test_grants_of_one_role_may_follow_each_other():
    lan = user()
    RoleGrant.objects.create(user=lan, role=Role.AUDITOR, starts=DAY, ends=date(2026, 3, 31))
    RoleGrant.objects.create(user=lan, role=Role.AUDITOR, starts=date(2026, 4, 1))
    RoleGrant.objects.create(user=lan, role=Role.VERIFIER, starts=DAY)
    assert lan.role_grants.count() == 3


def test_accounts_without_an_address_stand_beside_each_other():
    for name in ("lan", "minh"):
        User.objects.create(username=name)
    assert User.objects.filter(email="").count() == 2


def test_a_merged_organisation_gives_its_tax_code_up():
    merged = organisation(tax_code="0201234567")
    merged.merged_into = organisation(name="HTX B")
    merged.save()
    assert organisation(tax_code="0201234567").pk


def test_a_refusal_without_a_name_is_still_a_domain_error():
    assert isinstance(as_domain_error(IntegrityError("FOREIGN KEY constraint failed")), Refused)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has EXCLUDE")
def test_the_triggers_are_there_after_every_migration():
    assert set(TRIGGERS) <= _names("SELECT name FROM sqlite_master WHERE type = 'trigger'")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has triggers")
def test_the_exclusions_are_there_after_every_migration():
    rules = {name.removesuffix("_on_insert") for name in TRIGGERS if name.endswith("_insert")}
    assert rules <= _names("SELECT conname FROM pg_constraint WHERE contype = 'x'")


def _names(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_undone_and_done_again():
    lan = user()
    call_command("migrate", "registry", "0001", verbosity=0)
    try:
        overlapping_grants(lan)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_rolegrant")
        call_command("migrate", verbosity=0)
    with pytest.raises(IntegrityError):
        overlapping_grants(lan)
