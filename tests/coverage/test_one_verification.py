"""One linkage verified by a verifier moves the official figure by that one cooperative."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linkage.agreements import services
from linkage.agreements.models import Linkage
from linkage.registry.models import Role
from tests.agreements import deals
from tests.agreements.conftest import person
from tests.coverage import way_rule
from tests.scans import scan
from tests.web import register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def linked(level="verified"):
    """Who counts as linked at the level today, by indicator; and out of how many."""
    answer = way_rule.answer(TODAY, level, None)
    return {code: (ids, len(members)) for code, (members, ids) in answer.items()}


@pytest.fixture
def verifier():
    return person("verifier", Role.VERIFIER)


def judge(service, verifier, linkage, **said):
    version = Linkage.objects.get(pk=linkage.pk).version
    service(actor=verifier, linkage_id=linkage.pk, version=version, now=NOW, **said)


def test_both_headline_figures_rise_by_exactly_that_cooperative(verifier):
    buyer = register.organisation("Công ty Thu Mua", kind="enterprise")
    first, second = register.organisation("HTX Một"), register.organisation("HTX Hai")
    register.linkage(second, buyer, "2/HĐ")
    linkage = register.linkage(first, buyer, "1/HĐ", verified_on=None)
    lan = deals.member(first, "lan")
    before = linked()
    services.attach_evidence(
        actor=lan, organisation_id=first.pk, linkage_id=linkage.pk, file=scan(), now=NOW
    )
    assert linked() == before
    judge(services.send_back, verifier, linkage, reason="Thiếu trang ký")
    assert linked() == before
    judge(services.verify_linkage, verifier, linkage, verified_on=TODAY)
    after = linked()
    for code in ("LINK-ALL", "LINK-AGRI"):
        assert after[code][0] - before[code][0] == {first.pk}
        assert after[code][0] >= before[code][0]
        assert after[code][1] == before[code][1] == 2
    judge(services.withdraw_verification, person("officer", Role.CITY_STAFF), linkage, reason="Giả")
    assert linked() == before


def test_a_second_verified_linkage_of_one_cooperative_moves_nothing(verifier):
    buyer = register.organisation("Công ty Thu Mua", kind="enterprise")
    coop = register.organisation("HTX Một")
    register.linkage(coop, buyer, "1/HĐ")
    second = register.linkage(coop, buyer, "2/HĐ", verified_on=None)
    before = linked()
    judge(services.verify_linkage, verifier, second, verified_on=TODAY, paper="Tủ 3")
    assert linked() == before
