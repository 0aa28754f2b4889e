"""The quick post's page: read, corrected, asked for, published; pasted lists; who is let in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from linkage.market.models import (
    Need,
    NeedCeiling,
    Offer,
    OfferFloor,
    PostKind,
    QuickPostCorrection,
)
from linkage.market.quick import MOST_POSTS
from linkage.registry.models import Membership, Organisation
from tests.market import town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SENTENCE = "HTX em còn 3 tạ tỏi, 85k/kg, LH anh Tuấn 0912 345 678"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(town.NOW, tick=False):
        yield


@pytest.fixture
def coop(reference: None) -> Organisation:
    return town.organisation(product="garlic", commune="11446")


@pytest.fixture
def director(coop: Organisation, acting_for: Callable[..., Client]) -> Client:
    return acting_for(coop, username="giam-doc")


def at(organisation: Organisation) -> str:
    return f"/mine/{organisation.pk}/quick/"


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def fields_of(answer: Any) -> dict[str, Any]:
    """What a browser without scripts sends back of the form that it was shown."""
    form, shown = answer.context["form"], answer.context
    sent = {"text": shown["read"], "read": shown["read"], "shown_kind": shown["shown_kind"],
            "item": shown.get("item", ""), "passed": shown["passed"]}  # fmt: skip
    asked = [shown["asked"].row] if shown["asked"] else []
    for name in (*shown["rows"], *asked, *(field.name for field in shown["more"])):
        for each in {
            "quantity": (name, "unit", "period"),
            "price": (name, "price_unit"),
            "starts": (name, "ends"),
            "commodity": (name, "chosen"),
        }.get(name, (name,)):
            value = form[each].value()
            sent[each] = value if isinstance(value, list) else "" if value is None else str(value)
    return sent


def read(client: Client, own: Organisation, text: str, **more: Any) -> Any:
    return client.post(at(own), {"text": text, **more})


def published(client: Client, own: Organisation, text: str, **changes: Any) -> Any:
    """Read first, then confirm: the two steps without scripts."""
    sent = {**fields_of(read(client, own, text)), **changes}
    return client.post(at(own), sent)


def test_a_sentence_is_read_back_then_published_with_its_price_sealed(
    director: Client, coop: Organisation
) -> None:
    answer = read(director, coop, SENTENCE)
    page = words_of(answer)
    for marked in ('is-commodity">tỏi<small> mặt hàng', 'is-quantity">3 tạ<small> số lượng',
                   'is-price">85k/kg<small> giá', 'is-phone">0912 345 678<small>'):  # fmt: skip
        assert marked in page
    assert not Offer.objects.exists()
    answer = director.post(at(coop), fields_of(answer))
    made = Offer.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/mine/{coop.pk}/offers/{made.pk}/")
    assert (made.state, made.commodity_id, made.total) == ("published", "garlic", 300_000)
    assert (made.note, made.commune_id, made.starts) == ("", "11446", town.TODAY)
    assert OfferFloor.objects.get(offer=made).price == 85_000_000
    assert not QuickPostCorrection.objects.exists()


def test_a_need_with_a_rate_a_ceiling_and_days(director: Client, coop: Organisation) -> None:
    published(
        director, coop, "Mua trứng vịt 5.000 quả/ngày giá 2.800đ/quả giao tháng 7, có VietGAP"
    )
    made = Need.objects.get()
    assert (made.commodity_id, made.quantity, made.period) == ("egg-duck", 5_000, "day")
    assert (made.starts, made.ends) == (date(2026, 7, 1), date(2026, 7, 31))
    assert NeedCeiling.objects.get(need=made).price == 2_800_000
    assert [row.pk for row in made.certifications.all()] == ["VIETGAP"]


def test_nothing_is_published_of_a_sentence_that_was_not_read_back(
    director: Client, coop: Organisation
) -> None:
    sent = fields_of(read(director, coop, SENTENCE))
    answer = director.post(at(coop), {**sent, "text": SENTENCE.replace("3 tạ", "5 tạ")})
    assert not Offer.objects.exists()
    assert answer.context["form"]["quantity"].value() == "5"


def test_what_was_typed_over_stays_when_the_sentence_is_read_anew(
    director: Client, coop: Organisation
) -> None:
    sent = {**fields_of(read(director, coop, SENTENCE)), "quantity": "4", "grade": "loại một"}
    form = read(
        director, coop, f"{SENTENCE}, có ngay", **{k: v for k, v in sent.items() if k != "text"}
    )
    assert form.context["form"]["quantity"].value() == "4"
    assert form.context["form"]["grade"].value() == "loại một"
    assert form.context["form"]["unit"].value() == "ta"


def test_what_is_missing_is_asked_for_one_by_one_the_largest_first(
    director: Client, coop: Organisation
) -> None:
    answer = read(director, coop, "3 tạ tỏi, 85k/kg được không?")
    asked = [answer.context["asked"].name]
    sent = {**fields_of(answer), "side": "offer"}
    answer = director.post(at(coop), {**sent, "pass": "none"})
    asked.append(answer.context["asked"].name)
    answer = director.post(at(coop), {**fields_of(answer), "pass": "start"})
    assert asked == ["side", "start"]
    assert answer.context["asked"] is None
    answer = read(director, coop, "cần bán tỏi")
    assert answer.context["asked"].name == "quantity"
    assert answer.context["later"] == ["giá", "ngày"]
    assert "price" not in answer.context["rows"]


def test_a_quantity_that_is_lacking_is_asked_for_and_not_made_up(
    director: Client, coop: Organisation
) -> None:
    answer = published(director, coop, "bán tỏi")
    assert answer.status_code == 200
    assert "quantity" in answer.context["form"].errors
    assert not Offer.objects.exists()
    published(director, coop, "bán tỏi", quantity="2", unit="tan")
    assert Offer.objects.get().total == 2_000_000


def test_a_named_place_that_can_be_several_is_asked_for(
    director: Client, acting_for: Callable[..., Client]
) -> None:
    far = town.organisation("HTX Xa", commune="11824")
    client = acting_for(far, username="xa")
    answer = read(client, far, "bán 3 tạ tỏi, 85k/kg lấy tại An Lão từ mai")
    assert answer.context["asked"].name == "place"
    answer = published(client, far, "bán 3 tạ tỏi, 85k/kg lấy tại An Lão từ mai")
    assert list(answer.context["form"].errors) == ["commune"]
    published(client, far, "bán 3 tạ tỏi, 85k/kg lấy tại An Lão từ mai", commune="11629")
    assert Offer.objects.get().commune_id == "11629"


def test_a_certificate_that_is_not_held_is_told_and_left_out(
    director: Client, coop: Organisation
) -> None:
    page = words_of(read(director, coop, "bán 3 tạ tỏi có VietGAP"))
    assert "VietGAP: chưa có" in page
    held = town.certificate(coop)
    published(director, coop, "bán 3 tạ tỏi có VietGAP")
    assert [row.pk for row in Offer.objects.get().certificates.all()] == [held.pk]


def test_the_sentence_becomes_the_note_only_if_that_is_ticked_and_without_phone_and_price(
    director: Client, coop: Organisation
) -> None:
    published(director, coop, SENTENCE)
    published(director, coop, SENTENCE, keeps_text="on")
    before, after = Offer.objects.order_by("pk").values_list("note", flat=True)
    assert before == ""
    assert after.startswith("HTX em còn 3 tạ tỏi")
    assert not {"0912", "345", "85k", "85"} & set(after.replace("/", " ").split())


CHAT = """[09:12, 23/11/2026] Anh Tuấn: bán 3 tạ tỏi
[09:13, 23/11/2026] Chị Hoa: mua 2 tấn ngô
8h sáng mai họp hội viên
bán 300 kg cà tím và 500 kg mướp
bán 1 tấn bí xanh 6k
cần mua 50 kg hành tím
bán 5 tạ gà ta
[Hình ảnh]
bán 2 tạ cá rô phi
mua 100 kg tỏi LH 0912345678"""


def test_a_pasted_chat_is_a_list_to_confirm_or_leave_out_one_by_one(
    director: Client, coop: Organisation
) -> None:
    answer = director.post(at(coop), {"text": CHAT}, follow=True)
    assert answer.redirect_chain == [(at(coop), 302)]
    assert not Offer.objects.exists()
    assert answer.context["left"] == 9
    assert "0912345678" not in answer.content.decode()
    director.post(at(coop), {"skip": answer.context["item"]})
    answer = director.get(at(coop))
    assert (answer.context["left"], answer.context["form"]["side"].value()) == (8, "need")
    answer = director.post(at(coop), fields_of(answer), follow=True)
    assert (Need.objects.get().commodity_id, answer.context["left"]) == ("maize", 7)
    both = [answer.context["form"]["commodity"].value()]
    answer = director.post(at(coop), fields_of(answer), follow=True)
    both.append(answer.context["form"]["commodity"].value())
    assert both == ["Cà tím", "Mướp"]
    last = answer.context["others"][-1]
    answer = director.get(at(coop), {"item": last.key})
    assert answer.context["form"]["commodity"].value() == "Tỏi"
    director.post(at(coop), {"drop": "all"})
    assert director.get(at(coop)).context["item"] == ""
    assert Offer.objects.count() + Need.objects.count() == 2


def test_what_is_pasted_for_one_organisation_waits_for_that_one_alone(
    director: Client, coop: Organisation
) -> None:
    other = town.organisation("HTX Khác", commune="11446")
    person = coop.memberships.get().user
    Membership.objects.create(
        user=person, organisation=other, role="admin", starts=date(2020, 1, 1)
    )
    director.post(at(coop), {"text": CHAT})
    assert director.get(at(coop)).context["item"]
    assert director.get(at(other)).context["item"] == ""


def test_what_is_pasted_while_others_wait_is_added_and_none_is_lost(
    director: Client, coop: Organisation
) -> None:
    director.post(at(coop), {"text": "bán 3 tạ tỏi\nmua 2 tấn ngô"})
    page = director.get(at(coop), {"item": ""})
    assert (page.context["item"], len(page.context["others"])) == ("", 2)
    answer = director.post(at(coop), {"text": "bán 5 tạ gà ta\nbán 3 tạ tỏi"}, follow=True)
    waiting = [answer.context["text_form"]["text"].value()]
    waiting += [one.text for one in answer.context["others"]]
    assert waiting == ["bán 5 tạ gà ta", "bán 3 tạ tỏi", "mua 2 tấn ngô"]


def test_a_text_of_a_thousand_products_does_not_fill_the_session(
    director: Client, coop: Organisation
) -> None:
    goods = ("tỏi", "hành tím", "cà tím", "mướp", "bí xanh")
    line = "bán " + ", ".join(f"{n + 1} kg {goods[n % 5]}" for n in range(60))
    answer = director.post(at(coop), {"text": f"{line}\n{line} nhé"}, follow=True)
    assert answer.context["left"] == MOST_POSTS


def test_what_waits_and_is_written_over_by_one_product_is_read_as_that_one(
    director: Client, coop: Organisation
) -> None:
    director.post(at(coop), {"text": "bán 300 kg cà tím và 500 kg mướp"})
    (second,) = director.get(at(coop)).context["others"]
    shown = fields_of(director.get(at(coop), {"item": second.key}))
    answer = director.post(at(coop), {**shown, "text": "bán 400 kg mướp"})
    assert answer.context["form"]["quantity"].value() == "400"
    director.post(at(coop), fields_of(answer))
    assert Offer.objects.get().commodity_id == "luffa"
    assert not QuickPostCorrection.objects.exists()
    assert director.get(at(coop)).context["left"] == 1


def test_it_reads_as_one_types_and_writes_nothing(director: Client, coop: Organisation) -> None:
    answer = director.post(at(coop), {"text": SENTENCE}, headers={"HX-Request": "true"})
    page = words_of(answer)
    assert "<html" not in page
    assert 'id="send-label" hx-swap-oob="true"' in page
    answer = director.post(
        at(coop), {**fields_of(answer), "quantity": "7"}, headers={"HX-Request": "true"}
    )
    assert not Offer.objects.exists()
    assert answer.context["form"]["quantity"].value() == "7"


@pytest.mark.parametrize("text", ["a" * 10_001, "bán 3 tạ tỏi\x00", "\x01bán tỏi", ""])
def test_a_text_that_cannot_be_is_said_at_its_field(
    director: Client, coop: Organisation, text: str
) -> None:
    answer = read(director, coop, text)
    assert answer.status_code == 200
    assert list(answer.context["text_form"].errors) == ["text"]


def test_a_text_that_cannot_be_is_said_as_one_types_and_is_not_cut_off_unseen(
    director: Client, coop: Organisation
) -> None:
    # A browser would cut what is pasted in the midst of a figure, and say nothing.
    assert "maxlength" not in words_of(director.get(at(coop))).split("</textarea>")[0]
    answer = director.post(at(coop), {"text": "a" * 10_001}, headers={"HX-Request": "true"})
    assert 'role="alert"' in words_of(answer)


@pytest.mark.parametrize(
    "sent",
    [
        {"side": "both"}, {"quantity": "1e3"}, {"unit": "qua"}, {"marks": ["x"]}, {"chosen": "../"},
        {"price": "0"}, {"commune": "99999"}, {"starts": "2026-02-30"}, {"note": "a" * 1001},
    ],
)  # fmt: skip
def test_fields_that_cannot_be_are_said_and_nothing_is_written(
    director: Client, coop: Organisation, sent: dict[str, Any]
) -> None:
    kind = {"shown_kind": sent["side"]} if "side" in sent else {}
    answer = published(director, coop, SENTENCE, **sent, **kind)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) & set(sent)
    assert not Offer.objects.exists()
    assert not QuickPostCorrection.objects.exists()


def test_only_who_acts_for_the_organisation_comes_in(
    director: Client, coop: Organisation, nobody: Client, staff: Client, client: Client
) -> None:
    other = town.organisation("HTX Khác", commune="11446")
    for stranger in (nobody, staff):
        assert stranger.get(at(coop)).status_code == 404
        assert stranger.post(at(coop), {"text": SENTENCE}).status_code == 404
    assert director.get(at(other)).status_code == 404
    assert director.get("/mine/999999/quick/").status_code == 404
    assert client.get(at(coop)).status_code == 302
    assert not Offer.objects.exists()


def test_a_form_sent_twice_is_one_post(coop: Organisation, director: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = director.cookies
    token = strict.get(at(coop)).context["csrf_token"]
    sent = {**fields_of(read(director, coop, SENTENCE)), "csrfmiddlewaretoken": str(token)}
    first, second = (strict.post(at(coop), sent) for _ in range(2))
    assert first.url == second.url
    assert Offer.objects.count() == 1


def test_it_stands_first_on_the_own_page_and_on_the_lists(
    director: Client, coop: Organisation
) -> None:
    page = director.get(f"/mine/{coop.pk}/").content.decode()
    assert 0 < page.index(at(coop)) < page.index("/offers/add/")
    for kind in PostKind:
        assert at(coop) in director.get(f"/mine/{coop.pk}/{kind.value}s/").content.decode()
