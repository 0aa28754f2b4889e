"""A small register and market in which everything has happened once, with two limits to choose.

Two cooperatives sell bí xanh and two firms buy it. The seller's floor and the counterpart's ceiling
are what worlds differ in; the rival's floor and the buyer's ceiling lie between those values, so an
order or a count that read a limit would turn round. After the posts come suggestions and messages,
talks with a question and a proposal, an agreement with its reservation, deliveries, scans, figures,
an export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from linkage.agreements import services
from linkage.agreements.models import Linkage, PoolProposal
from linkage.catalogue.models import Commodity
from linkage.coverage.models import (
    Indicator,
    ManualValue,
    Programme,
    Series,
    Snapshot,
    SourceFile,
    Target,
    YearReturn,
)
from linkage.coverage.services import (
    attach_source,
    decide_return,
    enter_value,
    save_return,
    take_snapshot,
)
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.services.exporting import ask_export
from linkage.jobs import outbox, runner
from linkage.jobs.models import Job
from linkage.jobs.services import beat
from linkage.market.models import AnyPost, PostKind, QuickPostCorrection
from linkage.market.services.claims import Own
from linkage.market.services.posts import Limit, create_post
from linkage.market.services.states import withdraw_post
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.registry.access import OPERATOR, Actor, actor_of
from linkage.registry.models import (
    AccessCode,
    ApiToken,
    Commune,
    CommuneFact,
    JoinRequest,
    Membership,
    OfficerConsent,
    Organisation,
    RegistryEvent,
    Role,
    RoleGrant,
    User,
)
from linkage.registry.services import (
    add_certificate,
    attach_consent_scan,
    make_token,
    merge_organisations,
)
from linkage.suggestions.models import FairnessReport, Plan, Suggestion
from linkage.suggestions.services import (
    Asked,
    ask_for_pool,
    ask_plan,
    measure_fairness,
    open_talks,
    propose_plan,
    propose_pool,
)
from tests import scans
from tests.api import conftest as register
from tests.sealed import canaries, relations
from tests.sealed.relations import OUTSIDE, Ties
from tests.sealed.walk import Axis, Reader
from worker.handlers import CONSUMERS, HANDLERS

DAY = date(2026, 1, 1)
SELLER, COUNTERPART, BUYER, RIVAL, STRANGER = "seller", "counterpart", "buyer", "rival", "stranger"
# Acts for the seller's organisation, and does not manage its accounts.
COLLEAGUE = "colleague"
PERSON, ANONYMOUS = "person", "anonymous"
# One of each side, and an administrator, who reads all lists of offices.
NARROWING = (COUNTERPART, RIVAL, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Limits:
    """The seller's least and the counterpart's most, đồng a kilo; None: not given."""

    floor: int | None
    ceiling: int | None


@dataclass(frozen=True)
class World:
    """Who reads it, which posts have the limits, and who is what in it."""

    readers: Mapping[str, Reader]
    offer: AnyPost
    need: AnyPost
    ties: Ties
    # What was shown once: the code in a letter, a key for programs.
    once: Mapping[str, str]


def build(limits: Limits) -> World:
    """Make the world from an empty database, in the caller's transaction."""
    mail.outbox.clear()
    beat(worker="w", now=timezone.now())
    parties = _register()
    elsewhere = _deal_elsewhere()
    people = {who: _person(who, of) for who, of in parties.items()}
    people[COLLEAGUE] = _person(COLLEAGUE, parties[SELLER], "member")
    _second_office(people[STRANGER])
    # Before any limit: who is told of it is told by the number of its event.
    _merge_a_twin(parties[SELLER])
    offer = _post(parties[SELLER], PostKind.OFFER, limits.floor)
    _post(parties[RIVAL], PostKind.OFFER, 582_341, quantity=Decimal(4_000))
    need = _post(parties[COUNTERPART], PostKind.NEED, limits.ceiling)
    wanted = _post(parties[BUYER], PostKind.NEED, 850_927, quantity=Decimal(4_000))
    _draft(parties[SELLER])
    work()
    plan = _city_plan()
    acts = {who: _acting(people[who], of) for who, of in parties.items()}
    talk = _talk(acts[BUYER], acts[SELLER], offer, wanted)
    deal = _deal(acts[COUNTERPART], acts[SELLER], offer, need)
    papers = _papers(parties, acts)
    pooled = _pool(parties, acts, offer)
    work()
    once = _office_work(people[SELLER], parties) | _key(people[SELLER], parties[SELLER])
    work()
    acting = {**parties, COLLEAGUE: parties[SELLER]}
    readers = _readers(people, acting, [talk, deal, *papers, elsewhere, pooled], plan)
    known = relations.ties(acting, frozenset(parties))
    return World(readers, offer, need, known, once)


def _merge_a_twin(seller: Organisation) -> None:
    twin = register.make_organisation("HTX Ghi Hai Lần")
    seller.refresh_from_db()
    merge_organisations(
        actor=OPERATOR, organisation_id=seller.pk, version=seller.version, merged_id=twin.pk,
        merged_version=1, reason="x", now=timezone.now(),
    )  # fmt: skip
    seller.refresh_from_db()


def work() -> None:
    """Do what a worker does until nothing waits: deliver messages and run jobs."""
    while outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now) or _run_jobs():
        pass


def _run_jobs() -> int:
    waiting = list(Job.objects.filter(state=Job.State.WAITING).order_by("pk"))
    for job in waiting:
        runner.run_job(job_id=job.pk, handlers=HANDLERS, worker="w", clock=timezone.now)
    return len(waiting)


def messages() -> list[Any]:
    """Every notice, and every message that went out, by e-mail and by telephone."""
    mails = [(one.to, one.subject, one.body, one.extra_headers) for one in mail.outbox]
    phones = sorted(Path(settings.MESSAGE_DIR).glob("*.txt"))
    notices = Notice.objects.order_by("pk").values()
    return [*notices, *mails, *((path.name, path.read_text()) for path in phones)]


def _register() -> dict[str, Organisation]:
    register.make_catalogue()
    register.make_plan()
    Commodity.objects.create(
        code="lua", name_vi="Lúa", name_en="rice", level=1, dimension="mass", stage="production",
        search_key="lua", sort_key="lua", source="-",
    )  # fmt: skip
    parties = {
        SELLER: register.make_organisation(
            "HTX Rau sạch Tân Trào", tax_code="0205198368",
            representative=canaries.CONTACT, phone=canaries.PHONE, product="Bí xanh",
        ),
        COUNTERPART: register.make_organisation("Công ty Mua Hàng", "enterprise"),
        BUYER: register.make_organisation(
            "Hộ kinh doanh Mẫu", "household_business", tax_code=canaries.PERSONAL_CODE,
            representative=canaries.OTHER_CONTACT, phone=canaries.OTHER_PHONE,
        ),
        RIVAL: register.make_organisation("HTX Bí Khác", product="Bí xanh"),
        STRANGER: register.make_organisation("HTX Lúa Tân Hưng", product="Lúa"),
    }  # fmt: skip
    elsewhere = Commune.objects.create(
        code=OUTSIDE, name="Nguyễn Bỉnh Khiêm", kind="xã", latitude=20.72, longitude=106.52,
        former_province="Hải Phòng", former_district="Huyện Vĩnh Bảo",
        search_key="nguyen binh khiem", sort_key="nguyen binh khiem",
    )  # fmt: skip
    parties[COUNTERPART].commune_facts.update(commune=elsewhere)
    return parties


def _person(who: str, of: Organisation, role: str = "admin") -> User:
    """Somebody who acts for it, and gets each message: the rival's by telephone."""
    user = register.join(who, of, role)
    user.password = canaries.PASSWORD
    if who == RIVAL:
        user.email, user.phone = "", "+84912345670"
    user.save()
    MessageChoice.objects.bulk_create(MessageChoice(user=user, kind=kind) for kind in Kind.values)
    return user


def _second_office(user: User) -> None:
    """Who acts for two has a page to choose from."""
    of = register.make_organisation("HTX Lúa Nhỏ")
    Membership.objects.create(user=user, organisation=of, role="member", starts=DAY)


def _post(of: Organisation, kind: PostKind, limit: int | None, **changes: Any) -> AnyPost:
    return create_post(
        actor=Actor(None, frozenset(), {of.pk: "member"}), kind=kind, organisation_id=of.pk,
        terms=_terms(**changes), publish=True, now=timezone.now(),
        limit=None if limit is None else Limit(limit, "kg"),
    )  # fmt: skip


def _draft(of: Organisation) -> None:
    create_post(
        actor=Actor(None, frozenset(), {of.pk: "member"}), kind=PostKind.OFFER,
        organisation_id=of.pk, terms=_terms(note=canaries.DRAFT_NOTE), publish=False,
        now=timezone.now(),
    )  # fmt: skip
    # What was corrected of a quick post is nobody's.
    QuickPostCorrection.objects.create(day=DAY, field="commodity", phrase=canaries.CORRECTED)


def _terms(**changes: Any) -> Any:
    return {
        "commodity": "bi-xanh", "quantity": Decimal(3_000), "unit": "kg", "starts": DAY,
        "ends": DAY + timedelta(days=180), **changes,
    }  # fmt: skip


def _acting(user: User, of: Organisation) -> dict[str, Any]:
    return {
        "actor": actor_of(user, on=DAY), "organisation_id": of.pk, "now": timezone.now()
    }  # fmt: skip


def _proposal(price: int, note: str, kilos: Decimal = Decimal(500)) -> Any:
    return {
        "quantity": kilos, "unit": "kg", "price": price, "starts": DAY,
        "ends": DAY + timedelta(days=20), "note": note,
    }  # fmt: skip


def _version(linkage: Linkage) -> dict[str, int]:
    linkage.refresh_from_db()
    return {"linkage_id": linkage.pk, "version": linkage.version}


def _talk(buyer: Any, seller: Any, offer: AnyPost, need: AnyPost) -> Linkage:
    """A question, its answer, and a proposal that waits; the buyer alone shares its contact."""
    posts = {"offer_id": offer.pk, "need_id": need.pk}
    talk = open_talks(**buyer, **posts, text=canaries.QUESTION)
    services.answer(**seller, linkage_id=talk.pk, text=canaries.ANSWER)
    proposal = _proposal(canaries.TALK_PRICE, canaries.TERMS_NOTE)
    services.propose(**buyer, **_version(talk), proposal=proposal)
    services.share_contact(**buyer, **_version(talk))
    return talk


def _deal(buyer: Any, seller: Any, offer: AnyPost, need: AnyPost) -> Linkage:
    """Agreed and reserved; one delivery is confirmed, one waits; a scan; contacts are shared."""
    posts = {"offer_id": offer.pk, "need_id": need.pk}
    proposal = _proposal(canaries.AGREED_PRICE, canaries.AGREED_NOTE, kilos=canaries.AGREED_VOLUME)
    deal = open_talks(**buyer, **posts, text="Tôi mua.", proposal=proposal)
    services.accept(**seller, **_version(deal))
    for side in (buyer, seller):
        services.share_contact(**side, **_version(deal))
    for kilos in (canaries.DELIVERED, Decimal(50)):
        entered = services.enter_delivery(
            **buyer, linkage_id=deal.pk, on=DAY, quantity=kilos, unit="kg"
        )
        if kilos == canaries.DELIVERED:
            services.confirm_delivery(**seller, linkage_id=deal.pk, delivery_id=entered.pk)
    services.attach_evidence(
        **seller, linkage_id=deal.pk, file=scans.scan(canaries.SCAN_WORDS, canaries.SCAN_NAME)
    )
    return deal


def _pool(parties: Mapping[str, Organisation], acts: Mapping[str, Any], offer: AnyPost) -> Linkage:
    """The buyer asks the seller and its rival for parts of a need; the rival has agreed to its own.

    The counterpart looks for several suppliers of a need that takes both.
    """
    large = _post(parties[COUNTERPART], PostKind.NEED, None, quantity=Decimal(5_500))
    ask_for_pool(**acts[COUNTERPART], need_id=large.pk)
    wanted = _post(parties[BUYER], PostKind.NEED, None, quantity=Decimal(5_000))
    window = {"starts": DAY, "ends": DAY + timedelta(days=20)}
    of_rival = parties[RIVAL].offers.get()
    parts = [
        {"offer_id": offer.pk, "quantity": Decimal(200), **window},
        {"offer_id": of_rival.pk, "quantity": canaries.POOL_PART, **window},
    ]
    common: Any = {"unit": "kg", "price": canaries.POOL_PRICE}
    pool = propose_pool(**acts[BUYER], need_id=wanted.pk, parts=parts, common=common)
    services.agree_to_pool(**acts[RIVAL], pool_id=pool.pk)
    return Linkage.objects.get(pool=pool, offer=of_rival)


def _deal_elsewhere() -> Linkage:
    """Two outside of the area, of whom no reader is, agree and take their posts back."""
    sides = [
        register.make_organisation(name, kind)
        for name, kind in (("HTX Bên Kia Sông", "cooperative"), ("Công ty Bên Kia", "enterprise"))
    ]
    CommuneFact.objects.filter(organisation__in=sides).update(commune=OUTSIDE)
    seller, buyer = (
        {
            "actor": Actor(None, frozenset(), {of.pk: "member"}), "organisation_id": of.pk,
            "now": timezone.now(),
        }
        for of in sides
    )  # fmt: skip
    offer, need = _post(sides[0], PostKind.OFFER, None), _post(sides[1], PostKind.NEED, None)
    proposal = _proposal(650_000, "x", kilos=canaries.AGREED_ELSEWHERE)
    deal = open_talks(**buyer, offer_id=offer.pk, need_id=need.pk, text="x", proposal=proposal)
    services.accept(**seller, **_version(deal))
    for by, kind, post in ((seller, PostKind.OFFER, offer), (buyer, PostKind.NEED, need)):
        post.refresh_from_db()
        own = Own(kind, post.organisation_id, post.pk, post.version)
        withdraw_post(actor=by["actor"], own=own, now=by["now"])
    return deal


def _papers(parties: Mapping[str, Organisation], acts: Mapping[str, Any]) -> list[Linkage]:
    """Contracts on paper: one to be confirmed and verified, one verified and terminated."""
    of = parties[SELLER], parties[COUNTERPART]
    kept, over = (register.make_linkage(*of, f"HD-0{n}/2025") for n in (1, 2))
    services.attach_evidence(**acts[SELLER], linkage_id=kept.pk, file=scans.scan("kept"))
    verifier = Actor(None, frozenset({Role.VERIFIER}))
    now = timezone.now()
    services.verify_linkage(
        actor=verifier, **_version(over), verified_on=DAY, now=now, paper=canaries.PAPER
    )
    services.terminate_linkage(
        actor=OPERATOR, **_version(over), terminated_on=date(2025, 8, 1), reason="x", now=now
    )
    return [kept, over]


def _city_plan() -> Plan:
    """A plan of the open posts, suggested to its sides."""
    plan = ask_plan(actor=OPERATOR, asked=Asked(), now=timezone.now())
    work()
    propose_plan(actor=OPERATOR, plan_id=plan.pk, now=timezone.now())
    return plan


def _office_work(member: User, parties: Mapping[str, Organisation]) -> dict[str, str]:
    """A figure, an import, an export, a certificate, people who ask to act for somebody."""
    now = timezone.now()
    seller = parties[SELLER]
    add_certificate(
        actor=OPERATOR, organisation_id=seller.pk, version=seller.version,
        certification_code="vietgap", number="01", issuer="-", starts=date(2025, 1, 1),
        ends=None, now=now,
    )  # fmt: skip
    RegistryEvent.objects.create(
        organisation=seller, kind="new_name", on=date(2024, 1, 1), before="HTX Tên Cũ",
        after=seller.name, source="-", recorded_at=now,
    )  # fmt: skip
    measure_fairness(now=now, progress=lambda done, total: None, fence=lambda: None)
    issued = register.issue(seller)
    JoinRequest.objects.create(
        user=member, organisation=parties[STRANGER], created_at=now, note=canaries.CLAIM_NOTE
    )
    line = Indicator.objects.create(
        code="LAND", order=9, name_vi="Đất", name_en="Land", how="reported", measure="share",
        source="x",
    )  # fmt: skip
    value = enter_value(
        actor=OPERATOR, indicator=line.code, as_of=register.DAY, numerator=1, denominator=2,
        source="x", now=now,
    )  # fmt: skip
    attach_source(
        actor=OPERATOR, value_id=value.pk, now=now,
        file=scans.scan(canaries.SOURCE_WORDS, canaries.SOURCE_NAME),
    )  # fmt: skip
    sent = save_return(
        actor=OPERATOR, organisation_id=seller.pk, year=2024, version=None,
        facts={"workers": 9, "insured": 3}, send=True, now=now,
    )  # fmt: skip
    decide_return(actor=OPERATOR, return_id=sent.pk, version=1, accept=True, now=now)
    take_snapshot(as_of=register.DAY, now=now)
    Series.objects.create(computed_at=now, rule_version="test", points=[])
    batch = ImportBatch.objects.create(
        file_name="so.xlsx", stored_as="imports/none.xlsx", sha256="0" * 64, came_from="Sở",
        legal_basis="KH 215", state="previewed", created_at=now,
        report={"organisations": {}, "corrections": _people_in_a_file()},
    )  # fmt: skip
    batch.rows.create(
        sheet="HTX", row=9, kind="cooperatives", code="missing_field",
        raw={
            "name": {"header": "Tên", "value": canaries.IMPORTED},
            "tax_code": {"header": "Mã số thuế", "value": canaries.PERSONAL_CODE},
            "phone": {"header": "Điện thoại", "value": canaries.PHONE},
        },
    )  # fmt: skip
    ask_export(actor=OPERATOR, now=now)
    return {"code in a letter": str(issued.secret)}


def _people_in_a_file() -> list[dict[str, Any]]:
    """What a report quotes of a row: a person's code and a telephone."""
    told = (("Mã số thuế", canaries.PERSONAL_CODE), ("Điện thoại", canaries.PHONE))
    return [
        {
            "sheet": "HTX", "row": 9, "field": header, "before": f" {value}", "after": value,
            "rule": "separators", "proof": "same digits",
        }
        for header, value in told
    ]  # fmt: skip


def _key(user: User, of: Organisation) -> dict[str, str]:
    """A key with which a program reads the organisation's offers."""
    made = make_token(
        actor=actor_of(user, on=DAY), name="Phần mềm", scopes=["market:read"], now=timezone.now(),
        organisation_id=of.pk, ends=DAY + timedelta(days=30),
    )  # fmt: skip
    return {"key for programs": made.secret}


def _readers(
    people: Mapping[str, User],
    parties: Mapping[str, Organisation],
    linkages: list[Linkage],
    plan: Plan,
) -> dict[str, Reader]:
    shared = [*_axes(parties, linkages), [{"plan_id": plan.pk, "other_id": plan.pk}]]
    found = {}
    for who, user in people.items():
        own = parties[who]
        axes = [_organisations(own, parties[SELLER]), *shared]
        found[who] = Reader(_signed_in(user), actor_of(user, on=DAY), axes, who in NARROWING)
    merged = Organisation.objects.get(name="HTX Ghi Hai Lần")
    offices = [
        *_organisations(parties[SELLER], parties[COUNTERPART]),
        {"organisation_id": merged.pk, "into_id": merged.pk + 1},
    ]
    for who in (PERSON, *Role.values):
        user = User.objects.create(
            username=who, email=f"{who}@example.org", full_name=who,
            is_superuser=who == Role.ADMINISTRATOR,
        )  # fmt: skip
        if who != PERSON:
            grant = RoleGrant.objects.create(user=user, role=who, starts=date(2020, 1, 1))
            if who == Role.FIELD_OFFICER:
                grant.communes.set(Commune.objects.exclude(pk=OUTSIDE))
                _let(user, parties[SELLER])
        axes = [offices, *shared]
        found[who] = Reader(_signed_in(user), actor_of(user, on=DAY), axes, who in NARROWING)
    found[ANONYMOUS] = Reader(Client(), None, [offices, *shared], narrows=False)
    return found


def _let(user: User, by: Organisation) -> None:
    """The officer acts for the seller, and types its limits in blind."""
    consent = OfficerConsent.objects.create(
        organisation=by, officer=user, given_by="Người Đại Diện", way="phone", given_on=DAY,
        until=DAY + timedelta(days=364), deeds=["posts", "talks", "papers", "deliveries"],
        recorded_at=timezone.now(),
    )  # fmt: skip
    attach_consent_scan(
        actor=actor_of(user, on=DAY), organisation_id=by.pk, consent_id=consent.pk,
        file=scans.scan(canaries.CONSENT_WORDS, canaries.CONSENT_NAME), now=timezone.now(),
    )  # fmt: skip


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _organisations(*these: Organisation) -> Axis:
    return [
        {"organisation_id": pk, "into_id": these[-1].pk + 1}
        for pk in dict.fromkeys(o.pk for o in these)
    ]


def _axes(parties: Mapping[str, Organisation], linkages: list[Linkage]) -> list[Axis]:
    """Values for every argument but the reader's own organisation."""
    posts = sorted({p.pk for o in parties.values() for p in (*o.offers.all(), *o.needs.all())})
    scan = [file.pk for linkage in linkages for file in linkage.evidence_files.all()]
    seller, talk, deal = parties[SELLER], *linkages[:2]
    deliveries = deal.deliveries.order_by("-pk")
    jobs = Job.objects.filter(kind__in=("intake.export", "notices.send")).order_by("kind", "pk")
    return [
        [{"post_id": pk, "offer_id": pk, "need_id": pk} for pk in posts],
        [
            {
                "linkage_id": one.pk,
                "file_id": next(iter(one.evidence_files.values_list("pk", flat=True)), scan[0]),
                "delivery_id": deliveries[0].pk,
            }
            for one in (deal, talk, *linkages[2:])
        ],
        [
            {"part": part, "part_id": getattr(seller, part).get().pk}
            for part in ("contacts", "products", "certificates")
        ],
        [{"field": "status", "event": "new_name"}],
        [
            {"commodity": "bi-xanh", "form": form}
            for form in ("json", "graphml", "organisations", "linkages")
        ],
        [{"job_id": jobs[0].pk}, {"job_id": jobs[1].pk}],
        [
            {
                "snapshot_id": Snapshot.objects.latest("pk").pk,
                "report_id": FairnessReport.objects.get().pk,
                "shown": "all",
                "indicator": Indicator.objects.get(code=code).code,
                "evidence": evidence,
            }
            for code, evidence in (
                ("LINK-ALL", "verified"),
                ("LINK-ALL", "declared"),
                ("LAND", "verified"),
            )
        ],
        [
            {
                "batch_id": ImportBatch.objects.get().pk,
                "row_id": ImportRow.objects.get().pk,
                "programme_id": Programme.objects.get().pk,
                "target_id": Target.objects.get().pk,
                "value_id": ManualValue.objects.get().pk,
                "source_id": SourceFile.objects.get().pk,
                "return_id": YearReturn.objects.get().pk,
                "year": 2024,
                "request_id": JoinRequest.objects.get().pk,
                "user_id": User.objects.get(username=SELLER).pk,
                # The first office of the readers below, and what the officer is let do.
                "grant_id": 1,
                "consent_id": 1,
                "scan_id": 1,
                "token_id": ApiToken.objects.get().pk,
                "notice_id": Notice.objects.filter(user__username=SELLER).latest("pk").pk,
            }
        ],
        # Things of the seller's.
        [
            {
                "membership_id": Membership.objects.get(user__username=COLLEAGUE).pk,
                "code_id": AccessCode.objects.latest("pk").pk,
                "contact_id": seller.contacts.get().pk,
                "product_id": seller.products.get().pk,
                "certificate_id": seller.certificates.get().pk,
                "event_id": seller.registry_events.get().pk,
            }
        ],
        [
            {"suggestion_id": pk}
            for pk in Suggestion.objects.order_by("pk").values_list("pk", flat=True)[:4]
        ],
        [{"pool_id": PoolProposal.objects.get().pk}],
        [{"name": "publish"}],
        # No such key to a new password was given.
        [{"uidb36": "1", "key": "a-b"}],
    ]
