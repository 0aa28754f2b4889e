"""A small invented market: a tree, communes, organisations with their people, and posts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from linkage import text
from linkage.catalogue.models import Certification, Commodity, Unit
from linkage.market.models import PostKind
from linkage.market.services import create_post
from linkage.market.services.claims import Own
from linkage.registry.access import Actor
from linkage.registry.models import (
    Certificate,
    Commune,
    CommuneFact,
    KindFact,
    Membership,
    Organisation,
    Product,
    StatusFact,
    User,
)

NOW = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = date(2026, 6, 15)
OFFER, NEED = PostKind.OFFER, PostKind.NEED
# code, above it, level, name, dimension, stage
COMMODITIES = (
    ("crops", None, 1, "Trồng trọt", "mass", "production"),
    ("vegetables", "crops", 2, "Rau", "mass", "production"),
    ("garlic", "vegetables", 3, "Tỏi", "mass", "production"),
    ("onions", "vegetables", 3, "Hành", "mass", "production"),
    ("red-onions", "onions", 4, "Hành tím", "mass", "production"),
    ("grains", "crops", 2, "Cây lương thực", "mass", "production"),
    ("paddy", "grains", 3, "Thóc", "mass", "production"),
    ("livestock", None, 1, "Chăn nuôi", "mass", "production"),
    ("eggs", "livestock", 2, "Trứng", "count", "production"),
    ("inputs", None, 1, "Vật tư đầu vào", "mass", "inputs"),
    ("fertiliser", "inputs", 2, "Phân bón", "mass", "inputs"),
    ("seed", "inputs", 2, "Giống cây trồng", "mass", "inputs"),
)
UNITS = (
    ("kg", "mass", 1_000), ("ta", "mass", 100_000), ("tan", "mass", 1_000_000), ("g", "mass", 1),
    ("qua", "count", 1), ("van", "count", 10_000), ("lit", "volume", 1_000), ("bao", "mass", None),
)  # fmt: skip
# About 22, 33 and 111 km north of the first.
COMMUNES = (("1", 20.7), ("2", 20.9), ("3", 21.0), ("4", 21.7))


def catalogue() -> None:
    for code, parent, level, name, dimension, stage in COMMODITIES:
        Commodity.objects.create(
            code=code, parent_id=parent, level=level, name_vi=name, name_en=code, stage=stage,
            dimension=dimension, search_key=text.search_key(name), sort_key=text.sort_key(name),
            source="test",
        )  # fmt: skip
    Commodity.objects.get(code="garlic").synonyms.create(name="củ tỏi", key="củ tỏi")
    for code, dimension, base in UNITS:
        Unit.objects.create(
            code=code, name_vi=code, name_en=code, dimension=dimension, base_units=base,
            sized=base is None, source="test",
        )  # fmt: skip
    for code, level in (("VIETGAP", 0), ("HACCP", 0), ("OCOP-3", 3), ("OCOP-4", 4)):
        family = code.split("-")[0]
        Certification.objects.create(
            code=code, name_vi=code, name_en=code, family=family, level=level, source="test"
        )


def places() -> None:
    for code, latitude in COMMUNES:
        name = f"Xã Số {code}"
        Commune.objects.create(
            code=code, name=name, kind="Xã", latitude=latitude, longitude=106.5,
            former_province="Hải Phòng", former_district="Huyện Cũ",
            search_key=text.search_key(name), sort_key=text.sort_key(name),
        )  # fmt: skip


def organisation(name="HTX Tỏi", kind="cooperative", commune="1", product=None, **values):
    made = Organisation.objects.create(
        name=name, name_key=text.identity_key(name), search_key=text.search_key(name),
        sort_key=text.sort_key(name), origin="staff", founded_on=date(2015, 1, 1), **values,
    )  # fmt: skip
    StatusFact.objects.create(organisation=made, status="active")
    KindFact.objects.create(organisation=made, kind=kind)
    CommuneFact.objects.create(organisation=made, commune_id=commune)
    if product:
        Product.objects.create(
            organisation=made, commodity_id=product, as_written=product, is_main=True
        )
    return made


def person(organisation, role="admin"):
    """Somebody who acts for it, with an account."""
    user = User.objects.create(
        username=f"người-{organisation.pk}", email=f"{organisation.pk}@example.org",
        full_name=f"Người của {organisation.name}",
    )  # fmt: skip
    Membership.objects.create(
        user=user, organisation=organisation, role=role, starts=date(2020, 1, 1)
    )
    return user


def actor(organisation, user_id=None):
    """Whoever acts for it."""
    return Actor(user_id, frozenset(), {organisation.pk: "admin"})


def terms(**changes):
    return {
        "commodity": "garlic", "quantity": Decimal(3), "unit": "tan", "starts": TODAY,
        "ends": date(2026, 7, 14), **changes,
    }  # fmt: skip


def post(organisation, kind=OFFER, *, publish=True, limit=None, now=NOW, **changes):
    return create_post(
        actor=actor(organisation), kind=kind, organisation_id=organisation.pk,
        terms=terms(**changes), publish=publish, now=now, limit=limit,
    )  # fmt: skip


def own(post, kind=OFFER, version=None):
    return Own(kind, post.organisation_id, post.pk, post.version if version is None else version)


def certificate(organisation, code="VIETGAP", ends=date(2027, 1, 1)):
    return Certificate.objects.create(
        organisation=organisation, certification_id=code, starts=date(2025, 1, 1), ends=ends
    )
