"""A small invented register and its snapshot, made straight in the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from linkage import text
from linkage.agreements.models import Linkage, State
from linkage.agreements.models import Origin as LinkageOrigin
from linkage.catalogue.models import Commodity, Sector
from linkage.coverage import inputs, snapshots
from linkage.coverage.models import (
    Indicator,
    Programme,
    Series,
    Snapshot,
    SnapshotLinkage,
    SnapshotOrganisation,
    SnapshotValue,
    Target,
)
from linkage.registry.models import (
    Commune,
    CommuneFact,
    ContactPerson,
    KindFact,
    Organisation,
    Product,
    SectorFact,
    StatusFact,
)
from linkage.registry.models.organisations import Origin

AS_OF = date(2025, 12, 31)
NOW = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)


def sector(code: str = "agriculture", *, agricultural: bool = True) -> Sector:
    return Sector.objects.get_or_create(
        code=code,
        defaults={
            "name_vi": "Nông nghiệp" if agricultural else "Vận tải",
            "name_en": "Agriculture" if agricultural else "Transport",
            "agricultural": agricultural,
            "source": "test",
        },
    )[0]


def commune(code: str = "11824", province: str = "Hải Phòng") -> Commune:
    return Commune.objects.get_or_create(
        code=code,
        defaults={
            "name": "Xã Vĩnh Bảo",
            "kind": "xã",
            "latitude": 20.7,
            "longitude": 106.5,
            "former_province": province,
            "former_district": "Huyện Vĩnh Bảo",
            "search_key": text.search_key("Xã Vĩnh Bảo"),
            "sort_key": text.sort_key("Xã Vĩnh Bảo"),
        },
    )[0]


def organisation(
    name: str = "HTX Thử Nghiệm", kind: str = "cooperative", **changes: Any
) -> Organisation:
    """An active agricultural cooperative, unless changed."""
    values: dict[str, Any] = {"founded_on": date(2015, 3, 1), "origin": Origin.REGISTER, **changes}
    made = Organisation.objects.create(
        name=name,
        name_key=text.identity_key(name),
        search_key=text.search_key(name),
        sort_key=text.sort_key(name),
        **values,
    )
    StatusFact.objects.create(organisation=made, status="active")
    KindFact.objects.create(organisation=made, kind=kind)
    SectorFact.objects.create(organisation=made, sector=sector())
    CommuneFact.objects.create(organisation=made, commune=commune())
    return made


def linkage(
    seller: Organisation, buyer: Organisation, number: str = "01/HĐ", **changes: Any
) -> Linkage:
    """Verified and in force, unless changed."""
    values: dict[str, Any] = {
        "starts": date(2024, 1, 1),
        "state": State.IN_FORCE,
        "origin": LinkageOrigin.REGISTER,
        "verified_on": date(2024, 2, 1),
        **changes,
    }
    return Linkage.objects.create(seller=seller, buyer=buyer, contract_number=number, **values)


def commodity(code: str = "carrot", stage: str = "production", **changes: Any) -> Commodity:
    return Commodity.objects.get_or_create(
        code=code,
        defaults={
            "level": 1, "name_vi": "Cà rốt", "name_en": "Carrot", "dimension": "mass",
            "stage": stage, "source": "test", **changes,
        },
    )[0]  # fmt: skip


def contact(
    of: Organisation, name: str = "Người Đại Diện", phone: str = "+84912000000"
) -> ContactPerson:
    return ContactPerson.objects.create(
        organisation=of, name=name, phone=phone, is_representative=True
    )


def product(of: Organisation, words: str = "Cà rốt", commodity: Commodity | None = None) -> Product:
    return Product.objects.create(
        organisation=of, as_written=words, commodity=commodity, is_main=True
    )


def indicators() -> None:
    """The two headline lines with their targets, one count, one reported line."""
    programme = Programme.objects.create(
        code="215/KH-UBND 2021-2025",
        name_vi="Kế hoạch 215",
        name_en="Plan 215",
        starts=date(2021, 1, 1),
        ends=date(2025, 12, 31),
        source="test",
    )
    for order, (code, how, measure, target) in enumerate(
        (
            ("LINK-ALL", "computed", "share", ("at_least", 60, 100, 70, 100)),
            ("LINK-AGRI", "computed", "share", ("about", 90, 100, None, None)),
            ("HTX-ACTIVE", "computed", "count", ("over", 400, 1, None, None)),
            ("INSURANCE", "reported", "share", ("over", 80, 100, None, None)),
        )
    ):
        made = Indicator.objects.create(
            code=code,
            order=order,
            name_vi=f"Chỉ tiêu {code}",
            name_en=f"Indicator {code}",
            text_vi="Cách hiểu và lý do.",
            text_en="The reading and its reason.",
            how=how,
            measure=measure,
            source="test",
        )
        comparison, low, low_den, high, high_den = target
        Target.objects.create(
            programme=programme,
            indicator=made,
            comparison=comparison,
            min_num=low,
            min_den=low_den,
            max_num=high,
            max_den=high_den,
            from_date=date(2021, 1, 1),
            source="test",
        )


def snapshot(as_of: date = AS_OF, taken_at: datetime = NOW) -> Snapshot:
    """What the register gives on the day, stored as a snapshot stores it."""
    rows = inputs.read_inputs()
    named = {"hai-phong-old": frozenset({"11824"}), "hai-duong-old": frozenset({"10507"})}
    made = Snapshot.objects.create(
        as_of=as_of,
        taken_at=taken_at,
        rule_version=inputs.rule_version(),
        inputs_hash=snapshots.inputs_hash(rows, named, as_of, None),
        territories={key: sorted(codes) for key, codes in named.items()},
    )
    SnapshotOrganisation.objects.bulk_create(
        SnapshotOrganisation(
            snapshot=made, organisation_id=row.id, fields=inputs.organisation_fields(row)
        )
        for row in rows.organisations
    )
    SnapshotLinkage.objects.bulk_create(
        SnapshotLinkage(snapshot=made, linkage_id=row.id, fields=inputs.linkage_fields(row))
        for row in rows.linkages
    )
    SnapshotValue.objects.bulk_create(
        SnapshotValue(
            snapshot=made,
            indicator_code=code,
            evidence=evidence,
            territory=territory,
            numerator=numerator,
            denominator=denominator,
        )
        for (code, evidence, territory), (numerator, denominator) in snapshots.values(
            rows, named, as_of, None
        )
    )
    return made


def series() -> Series:
    """Three quarter ends of LINK-ALL."""
    points = [
        {
            "as_of": day,
            "territory": "",
            "evidence": evidence,
            "indicator": "LINK-ALL",
            "numerator": numerator,
            "denominator": 460,
        }
        for day, verified, declared in (
            ("2025-03-31", 120, 150),
            ("2025-06-30", 140, 170),
            ("2025-09-30", 150, 190),
        )
        for evidence, numerator in (("verified", verified), ("declared", declared))
    ]
    return Series.objects.create(computed_at=NOW, rule_version="test", points=points)


def whole_register(linked: int = 3, alone: int = 2) -> Snapshot:
    """Linked cooperatives with one buyer, others alone, indicators and a snapshot."""
    indicators()
    buyer = organisation("Công ty Thu Mua", kind="enterprise", tax_code="0201234567")
    for number in range(linked):
        linkage(organisation(f"HTX Liên Kết {number}"), buyer, f"{number}/HĐ")
    for number in range(alone):
        organisation(f"HTX Đơn Lẻ {number}")
    series()
    return snapshot()
