"""The reference lists, open to everybody."""

from __future__ import annotations

from linkage.intake.reference import load_reference


def test_commodities_are_a_tree_with_their_synonyms(world, client_of):
    found = client_of("anonymous").get("/api/v1/commodities").json()["results"]
    assert [row["code"] for row in found] == ["rau"]
    child = found[0]["children"][0]
    assert (child["code"], child["synonyms"], child["children"]) == ("bi-xanh", ["bí đao"], [])


def test_the_shipped_reference_data_is_answered_whole(db, client_of):
    load_reference()
    client = client_of("anonymous")
    counts = {
        name: len(client.get(f"/api/v1/{name}").json()["results"])
        for name in ("communes", "units", "certifications", "linkage-forms", "sectors")
    }
    assert (counts["communes"], counts["linkage-forms"]) == (114, 7)
    assert min(counts.values()) > 0
    assert len(client.get("/api/v1/commodities").content) > 10_000
