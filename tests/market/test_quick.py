"""What a quick post proposes, and what is kept of corrections: no person, no home, no price."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from linkage.errors import NotFound
from linkage.market.corrections import phrase_of
from linkage.market.models import Offer, PostKind, QuickPostCorrection
from linkage.market.quick import draft_at, proposal_of, public_note, read_for, window_of
from linkage.market.quickpost import read
from linkage.market.services import post_quickly
from linkage.market.services.posts import Limit
from linkage.registry.values import TextInvalid
from tests.constraints import must_be_refused
from tests.market import town
from tests.market.town import NOW, TODAY

pytestmark = pytest.mark.django_db


EGGS = "Mua trứng vịt 5.000 quả/ngày giá 2.800đ/quả"


def proposed(text):
    return proposal_of(draft_at(read(text, today=TODAY), 0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bán 3 tạ tỏi, 85k/kg", (Decimal(3), "ta", "once", 85_000, "kg")),
        ("Bên em bán 2-3 tấn bí xanh mỗi tuần, 6k", (Decimal(3), "tan", "week", 6_000, "kg")),
        ("ban 5 bao gao 50kg", (Decimal(250), "kg", "once", None, None)),
        (EGGS, (Decimal(5_000), "qua", "day", 2_800, "qua")),
        # Lợn are weighed here, and no post has a rate by the year: nothing is made of it.
        ("bán 100 con lợn 60k/kg", (None, None, "once", 60_000, "kg")),
        ("bán 10 tấn lúa mỗi năm", (None, None, "once", None, None)),
    ],
)  # fmt: skip
def test_amounts_come_as_a_post_takes_them_or_not_at_all(text, expected):
    found = proposed(text)
    assert (
        found.quantity, found.unit, found.period, found.price, found.price_unit
    ) == expected  # fmt: skip
    assert ("quantity" in found.missing) == (found.quantity is None)


def test_days_that_were_not_said_are_from_today_for_a_month():
    assert window_of(proposed("bán 3 tạ tỏi"), TODAY) == (TODAY, date(2026, 7, 14))
    assert window_of(proposed("bán 3 tạ tỏi tháng 8"), TODAY) == (
        date(2026, 8, 1), date(2026, 8, 31),
    )  # fmt: skip


def test_a_day_that_no_post_can_have_is_missing():
    far = proposed("bán 3 tạ tỏi từ 20/12/9999")
    assert (far.starts, "start" in far.missing) == (None, True)
    assert window_of(far, TODAY) == (TODAY, date(2026, 7, 14))


def test_the_note_has_neither_telephone_nor_price():
    said = "bán 3 tạ tỏi 85k/kg, 200 kg hành giá 30 nghìn, sđt 0912.345.678. Lấy tại vườn"
    assert public_note(read(said, today=TODAY)).replace("giá", "").split() == (
        ["bán", "3", "tạ", "tỏi,", "200", "kg", "hành", ".", "Lấy", "tại", "vườn"]
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("bán 3 tạ tỏi 85-90k/kg", "bán 3 tạ tỏi"),
        ("bán 3 tạ tỏi giá 85, lấy từ mai", "bán 3 tạ tỏi giá, lấy từ mai"),
        ("bán 3 tạ tỏi 85k/kg (giá chót 82k)", "bán 3 tạ tỏi (giá chót)"),
        ("bán 5 tấn cà chua size 30, sỉ 7k, lẻ 10 nghìn", "bán 5 tấn cà chua size 30, sỉ, lẻ"),
        ("bán 3 tạ tỏi tám bảy một ký", "bán 3 tạ tỏi một ký"),
    ],
)
def test_the_note_has_no_price_that_was_not_understood_either(text, note):
    assert public_note(read(text, today=TODAY)) == note


def test_only_who_may_post_for_it_has_a_text_read(coop, firm):
    reading = {"organisation_id": coop.pk, "text": "bán 3 tạ tỏi\nmua 2 tấn ngô", "on": TODAY}
    assert len(read_for(actor=town.actor(coop), **reading)) == 2
    assert len(read_for(actor=town.actor(coop), **reading, as_one=True)) == 1
    with pytest.raises(NotFound):
        read_for(actor=town.actor(firm), **reading)
    with pytest.raises(TextInvalid):
        read_for(actor=town.actor(coop), **{**reading, "text": "bán\x07 tỏi"})


NASTY = (
    "HTX Tân Trào chị Nguyễn Thị Hoa, nhà số 12 ngõ 5 thôn Đông, bán 3 tạ tỏi 87k/kg lấy tại"
    " An Lão, LH anh Tuấn 0912 345 678 hoặc tuan@example.org"
)


def quickly(coop, text, *, price=None, kind=PostKind.OFFER, **terms):
    written = town.terms(**{"unit": "ta", **terms})
    return post_quickly(
        actor=town.actor(coop), kind=kind, organisation_id=coop.pk, terms=written,
        limit=Limit(price, "kg") if price else None, message=text, number=0, now=NOW,
    )  # fmt: skip


def test_what_was_published_as_it_was_read_leaves_nothing(coop):
    quickly(coop, "bán 3 tạ tỏi, 85k/kg", price=85_000)
    assert Offer.objects.get().state == "published"
    assert not QuickPostCorrection.objects.exists()


def test_a_correction_keeps_field_words_and_both_values_and_nobody(coop):
    quickly(coop, NASTY, price=87_000, commodity="onions", quantity=Decimal(4))
    rows = {row.field: row for row in QuickPostCorrection.objects.all()}
    assert rows.keys() == {"commodity", "quantity", "place"}
    assert (rows["commodity"].read, rows["commodity"].published) == ("garlic", "onions")
    assert (rows["quantity"].read, rows["quantity"].published) == ("3 ta once", "4 ta once")
    assert rows["quantity"].day == TODAY
    assert "bán 0 tạ tỏi" in rows["commodity"].phrase
    kept = {field.name for field in QuickPostCorrection._meta.get_fields()}
    assert kept == {"id", "day", "field", "phrase", "read", "published"}
    told = json.dumps(list(QuickPostCorrection.objects.values("phrase", "read", "published")))
    told = told.encode().decode("unicode_escape").lower()
    for word in ("hoa", "nguyễn", "tuấn", "trào", "đông", "lão", "0912", "345", "tuan", "12", "87"):
        assert word not in told, word


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("bán 3 tạ tỏi giá 87k/kg", 91_000),
        # The price is not understood, or was taken for a quantity: its figure is not kept either.
        ("bán tỏi loại đẹp tám bảy một ký", 87_000),
        ("bán 87 tạ tỏi", 87_000),
    ],
)
def test_no_correction_holds_a_price_nor_lies_beside_its_post(coop, text, price):
    quickly(coop, text, price=price)
    for row in QuickPostCorrection.objects.all():
        told = f"{row.phrase} {row.read}"
        assert not {"87", "91", "tám", "bảy"} & set(told.replace("k", " ").split()), row.field
        if row.field == "price":
            assert row.day == TODAY.replace(day=1)
            assert "tỏi" not in row.phrase
            assert {row.read, row.published} <= {"", "kg"}
    assert QuickPostCorrection.objects.exists()


def test_a_post_that_is_refused_leaves_no_correction(coop):
    with pytest.raises(TextInvalid):
        quickly(coop, "bán 3 tạ tỏi", commodity="onions", grade="a" * 201)
    assert not Offer.objects.exists()
    assert not QuickPostCorrection.objects.exists()


def test_goods_that_the_rules_lack_are_kept_and_names_beside_them_not():
    said = "bán 3 tạ xyzabc của chị Hoa"
    phrase = phrase_of(read(said, today=TODAY), doubted=("commodity",))
    assert "xyzabc" in phrase
    assert "Hoa" not in phrase
    assert "xyzabc" not in phrase_of(read(said, today=TODAY))


def test_the_command_prints_a_line_each(coop, capsys):
    quickly(coop, "bán 3 tạ tỏi", commodity="onions")
    call_command("quickpost_corrections", "--field", "commodity", "--since", "2026-06-01")
    line = json.loads(capsys.readouterr().out)
    assert (line["day"], line["read"], line["published"]) == ("2026-06-15", "garlic", "onions")
    call_command("quickpost_corrections", "--since", "2026-06-16")
    assert capsys.readouterr().out == ""


def test_a_correction_is_of_a_known_field(coop):
    must_be_refused(
        "quick_correction_field_is_known",
        lambda: QuickPostCorrection.objects.create(day=TODAY, field="phone"),
    )
