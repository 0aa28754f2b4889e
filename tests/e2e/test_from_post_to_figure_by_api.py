"""From a letter's code to the raised figure through the API alone, with the real worker.

A cooperative that no contract counts claims its place, posts, is matched, agrees with a buyer and
proves it; LINK-ALL and LINK-AGRI, verified, each rise by exactly one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from linkage.registry.models import Role
from tests.e2e.caller import Caller, claimed
from tests.e2e.figures import BY_ONE, LEVELS, NOT_AT_ALL, Figures, rise, shares
from tests.e2e.town import Town
from tests.faults.house import wait_for
from tests.scans import scan


def window() -> dict[str, str]:
    today = timezone.localdate()
    return {"starts": today.isoformat(), "ends": (today + timedelta(days=60)).isoformat()}


def computed(office: Caller) -> Figures:
    """Today's figures, by a snapshot that was asked for and awaited."""
    day = timezone.localdate().isoformat()
    asked = office.create("coverage/jobs", {"as_of": day}, status=202)["id"]
    # The worker takes one for the night at its start: none of them is newer than the one read.
    snapshots = "jobs?kind=coverage.snapshot"
    jobs = wait_for(lambda: _all_done(office.get(snapshots)["results"]), "the snapshot is taken")
    assert asked in {job["id"] for job in jobs}
    address = f"coverage?as_of={day}&evidence="
    return {level: shares(office.get(f"{address}{level}")) for level in LEVELS}


def _all_done(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return jobs if all(job["state"] == "done" for job in jobs) else []


def posted(caller: Caller, kind: str, tonnes: int) -> int:
    """What is sent again under its key is posted once."""
    body = {"commodity": "garlic", "quantity": tonnes, "unit": "tan", "publish": True, **window()}
    first, again = (caller.create(caller.own(kind), body, key=f"my-first-{kind}") for _ in "ab")
    assert first["id"] == again["id"]
    assert [post["id"] for post in caller.get(caller.own(kind))["results"]] == [first["id"]]
    return int(first["id"])


def suggested(caller: Caller, post: int) -> dict[str, Any]:
    """The one suggestion, which its inbox tells of too; with its reasons in both languages."""
    own = caller.own("suggestions")
    (found,) = wait_for(lambda: caller.get(own)["results"], f"a suggestion for {caller.name}")
    assert found["post"] == post
    assert len(found["reasons"]) >= 2
    assert all(why["words_vi"] and why["words_en"] for why in found["reasons"])
    (told,) = [line for line in caller.get("inbox")["results"] if line["kind"] == "match"]
    assert told["organisation"]["id"] == caller.of
    return found


def agreed(director: Caller, buyer: Caller, suggestion: dict[str, Any]) -> int:
    """Question, answer, proposal, counter-proposal; the buyer accepts what it has read."""
    posts = {"offer_id": suggestion["other"]["id"], "need_id": suggestion["post"]}
    question = {**posts, "text": "HTX còn tỏi loại một không?"}
    talk = buyer.create(buyer.own("talks"), question)["linkage"]["id"]
    at_coop, at_firm = (who.own(f"linkages/{talk}") for who in (director, buyer))
    director.create(f"{at_coop}/messages", {"text": "Còn 3 tấn, giao tại kho."})

    terms = {"quantity": 2, "unit": "tan", "price": 25_000_000, **window()}
    buyer.create(f"{at_firm}/terms", terms, tag=buyer.tag(at_firm))
    read, counter = buyer.tag(at_firm), {**terms, "price": 26_000_000}
    director.create(f"{at_coop}/terms", counter, tag=director.tag(at_coop))
    buyer.act(f"{at_firm}/accept", tag=read, status=412)
    assert buyer.get(at_firm)["terms"][-1]["price"] == "26000000"
    made = buyer.act(f"{at_firm}/accept", tag=buyer.tag(at_firm))
    assert [message["text"] for message in made["messages"]] == [
        question["text"], "Còn 3 tấn, giao tại kho."
    ]  # fmt: skip
    assert made["linkage"]["confirmed_on"] == timezone.localdate().isoformat()
    return int(talk)


def test_a_cooperative_goes_from_a_letter_to_the_figure_by_api(town: Town) -> None:
    office, verifier = town.caller("canbo", Role.CITY_STAFF), town.caller("thamtra", Role.VERIFIER)
    director, buyer = town.caller("ba.lan"), town.caller("thumua")
    before = computed(office)
    claimed(director, office, town.coop.pk)
    claimed(buyer, office, town.firm.pk)

    offer = posted(director, "offers", tonnes=3)
    need = posted(buyer, "needs", tonnes=2)
    assert suggested(director, offer)["other"]["id"] == need
    linkage = agreed(director, buyer, suggested(buyer, need))

    at_coop, at_office = director.own(f"linkages/{linkage}"), f"linkages/{linkage}"
    director.create(f"{at_coop}/evidence", files={"file": ("hop-dong.pdf", scan())})
    assert rise(before, computed(office)) == {
        "declared": BY_ONE, "confirmed": BY_ONE, "verified": NOT_AT_ALL
    }  # fmt: skip

    (waiting,) = verifier.get("verification")["results"]
    assert waiting["id"] == linkage
    seen = {"verified_on": timezone.localdate().isoformat()}
    verifier.act(f"{at_office}/verify", seen, tag=verifier.tag(at_office))
    assert rise(before, computed(office)) == dict.fromkeys(LEVELS, BY_ONE)
    for side in (director, buyer):
        assert "verification" in {line["kind"] for line in side.get("inbox")["results"]}
    assert town.is_sound()
