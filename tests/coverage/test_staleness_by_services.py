"""Each write of the register makes a figure old exactly if it changes what the rule reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from linkage import registry
from linkage.agreements import services as agreements
from linkage.agreements.models import Linkage
from linkage.catalogue.models import Certification, Unit
from linkage.coverage import inputs
from linkage.coverage.services import take_snapshot
from linkage.coverage.staleness import stale
from linkage.registry import services
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, RegistryEvent, Role
from tests.agreements import deals, pools
from tests.coverage.histories import History, cooperative, linkage, store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
DAY = date(2025, 5, 5)
EVENT = {"on": DAY, "source": "Nghị quyết 1"}
WHO = Actor(None, frozenset({Role.ADMINISTRATOR, Role.VERIFIER}))


class Register:
    """Two cooperatives and a linkage between them, and a third that may be merged."""

    def __init__(self) -> None:
        rows = [cooperative(), cooperative(), cooperative(founded_on=None)]
        ended = linkage(0, 2, state="terminated", terminated_on=date(2024, 5, 5))
        self.first, self.second, self.third = store(
            History(rows, [linkage(0, 1), linkage(1, 2, verified_on=None), ended])
        )
        ids = Linkage.objects.order_by("id").values_list("id", flat=True)
        self.verified, self.declared, self.ended = ids
        Unit.objects.create(code="kg", dimension="mass", base_units=1000)
        Certification.objects.create(code="vietgap", name_vi="V", name_en="V", family="gap")
        first = Organisation.objects.get(pk=self.first)
        self.contact = first.contacts.create(name="Lê A").pk
        self.product = first.products.create(as_written="Ổi").pk
        self.certificate = first.certificates.create(certification_id="vietgap", starts=DAY).pk

    def change(self, service: Callable[..., Any], **given: Any) -> None:
        """A change of the first cooperative."""
        given = {"organisation_id": self.first, "version": 1, **given}
        service(actor=WHO, now=NOW, **given)

    def link(self, service: Callable[..., Any], linkage_id: int, **given: Any) -> None:
        """A change of a linkage."""
        service(actor=WHO, now=NOW, linkage_id=linkage_id, version=1, **given)


READ: dict[str, Callable[[Register], None]] = {
    "create_organisation": lambda r: services.create_organisation(
        actor=WHO, kind="cooperative", details={"name": "HTX"}, now=NOW
    ),
    "edit_organisation": lambda r: r.change(services.edit_organisation,
                                            details={"founded_on": DAY}),
    "set_status": lambda r: r.change(services.set_status, status="stopped", since=DAY),
    "set_kind": lambda r: r.change(services.set_kind, kind="union", since=DAY),
    "set_sector": lambda r: r.change(services.set_sector, sector_code="xay-dung", since=DAY),
    "set_commune": lambda r: r.change(services.set_commune, commune_code="10507", since=DAY),
    "settle": lambda r: r.change(services.settle, organisation_id=r.third, founded_on=DAY),
    "merge_organisations": lambda r: r.change(
        services.merge_organisations, merged_id=r.third, merged_version=1, reason="x"
    ),
    "record_move": lambda r: r.change(services.record_move, commune_code="10507", **EVENT),
    "record_split": lambda r: r.change(services.record_split, name="HTX Tách", **EVENT),
    "record_merger": lambda r: r.change(services.record_merger, into_id=r.second, **EVENT),
    "record_linkage": lambda r: agreements.record_linkage(
        actor=WHO, seller_id=r.first, buyer_id=r.third, now=NOW,
        terms={"contract_number": "1", "starts": DAY},
    ),
    "edit_linkage": lambda r: r.link(agreements.edit_linkage, r.verified, terms={"ends": DAY},
                                     reason="x"),
    "terminate_linkage": lambda r: r.link(
        agreements.terminate_linkage, r.verified, terminated_on=DAY, reason="x"
    ),
    "correct_termination": lambda r: r.link(
        agreements.correct_termination, r.ended, terminated_on=DAY, reason="x"
    ),
    "verify_linkage": lambda r: r.link(
        agreements.verify_linkage, r.declared, verified_on=DAY, paper="Bản gốc"
    ),
    "withdraw_verification": lambda r: r.link(
        agreements.withdraw_verification, r.verified, reason="x"
    ),
}  # fmt: skip
UNREAD: dict[str, Callable[[Register], None]] = {
    "edit_organisation": lambda r: r.change(
        services.edit_organisation,
        details={"name": "HTX Mới", "members": 7, "representative": "Lê A", "product": "Vải"},
    ),
    "edit_linkage": lambda r: r.link(
        agreements.edit_linkage, r.verified, reason="x",
        terms={"product": "Ổi", "quantity": 5, "unit": "kg"},
    ),
    "record_new_name": lambda r: r.change(services.record_new_name, name="HTX Mới", **EVENT),
    "record_new_tax_code": lambda r: r.change(
        services.record_new_tax_code, tax_code="0205198368", **EVENT
    ),
    "record_split_into": lambda r: r.change(
        services.record_split_into, into_id=r.second, **EVENT
    ),
    "add_contact": lambda r: r.change(services.add_contact, name="Lê B", phone=""),
    "remove_contact": lambda r: r.change(services.remove_contact, contact_id=r.contact),
    "add_product": lambda r: r.change(services.add_product, product="Vải"),
    "remove_product": lambda r: r.change(services.remove_product, product_id=r.product),
    "add_certificate": lambda r: r.change(
        services.add_certificate, certification_code="vietgap", number="1", issuer="",
        starts=date(2020, 1, 1), ends=date(2020, 2, 1),
    ),
    "remove_certificate": lambda r: r.change(
        services.remove_certificate, certificate_id=r.certificate
    ),
}  # fmt: skip


# Who acts for whom is nothing that the rule reads.
PEOPLE = {
    "add_own_contact", "approve_request", "ask_to_join", "attach_consent_scan", "cancel_code",
    "end_membership", "issue_code", "leave", "make_token", "note_call", "open_consent_scan",
    "open_own_consent_scan", "read_contacts", "record_consent", "remove_own_contact",
    "say_told", "set_member_role", "withdraw_consent",
}  # fmt: skip
# What the two sides do; the talks below, and tests/agreements.
SIDES = {
    "accept", "agree_to_pool", "answer", "ask", "attach_evidence", "attach_evidence_by_office",
    "complete", "confirm", "confirm_delivery", "declare", "decline", "decline_pool", "deny",
    "dispute_delivery", "enter_delivery", "open_evidence", "open_own_evidence", "propose",
    "propose_pool", "send_back", "share_contact", "terminate", "withdraw", "withdraw_delivery",
    "withdraw_pool",
}  # fmt: skip
# Of what was done before: tests/registry/test_unmerging.py compares what the rule reads, and below.
AFTER_ANOTHER = {"undo_merge", "withdraw_event"}


@pytest.fixture
def told(programme: Any) -> Callable[[Callable[[Register], None]], tuple[bool, bool]]:
    """Does it; gives whether the rule reads something else now, and whether the figure is old."""

    def call(act: Callable[[Register], None]) -> tuple[bool, bool]:
        register = Register()
        snapshot = take_snapshot(as_of=DAY, now=NOW)
        before = inputs.read_inputs()
        act(register)
        return inputs.read_inputs() != before, stale(snapshot) is not None

    return call


@pytest.mark.parametrize("service", READ)
def test_what_the_rule_reads_is_changed_and_the_figure_is_old(service: str, told: Any) -> None:
    assert told(READ[service]) == (True, True)


@pytest.mark.parametrize("service", UNREAD)
def test_what_the_rule_does_not_read_leaves_the_figure_fresh(service: str, told: Any) -> None:
    assert told(UNREAD[service]) == (False, False)


@pytest.mark.parametrize("recorded", ["record_move", "record_merger"])
def test_an_event_that_is_withdrawn_makes_old_what_knew_it(recorded: str, programme: Any) -> None:
    register = Register()
    unknown = inputs.read_inputs()
    READ[recorded](register)
    snapshot = take_snapshot(as_of=DAY, now=NOW)
    event = RegistryEvent.objects.get()
    register.change(services.withdraw_event, version=2, event_id=event.pk, reason="x")
    assert inputs.read_inputs() == unknown
    assert stale(snapshot) is not None


def test_every_service_that_changes_an_organisation_or_a_linkage_is_asked() -> None:
    subjects = {"organisation_id", "linkage_id"}
    writes = {
        name
        for package in (registry.services, agreements)
        for name, one in inspect.getmembers(package, inspect.isfunction)
        if not name.startswith("_") and subjects & set(inspect.signature(one).parameters)
    }
    assert writes - {"claim"} <= READ.keys() | UNREAD.keys() | PEOPLE | SIDES | AFTER_ANOTHER
    assert len(writes) > 15


def test_talks_make_a_figure_old_only_when_they_agree(programme: Any) -> None:
    deal = deals.make()
    snapshot = take_snapshot(as_of=DAY, now=NOW)
    talked = deal.ask()
    deal.propose("buyer", talked)
    deal.propose("seller", talked, 4)
    assert stale(snapshot) is None
    deal.act(agreements.accept, "buyer", talked)
    assert stale(snapshot) is not None
    snapshot = take_snapshot(as_of=DAY, now=deals.NOW)
    agreements.answer(**deal.as_("seller"), linkage_id=talked.pk, text="Mai chúng tôi giao.")
    assert stale(snapshot) is None


def test_a_pool_makes_a_figure_old_only_when_all_have_agreed(programme: Any) -> None:
    circle = pools.make()
    snapshot = take_snapshot(as_of=DAY, now=NOW)
    circle.propose(3, 4, 2)
    circle.decline(2)
    circle.propose(3, 4, 2)
    circle.withdraw()
    circle.propose(3, 4)
    circle.agree(0)
    assert stale(snapshot) is None
    circle.agree(1)
    assert stale(snapshot) is not None
