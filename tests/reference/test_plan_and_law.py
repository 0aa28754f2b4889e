"""The decree's seven forms, and every line of the plan's section I.2."""

from __future__ import annotations

from linkage.reference.files import (
    TargetRow,
    read_indicators,
    read_linkage_forms,
    read_programmes,
    read_targets,
)

STAGES = {
    1: "inputs|production|harvest|processing|consumption",
    2: "inputs|consumption",
    3: "production|harvest|consumption",
    4: "inputs|production|harvest|consumption",
    5: "production|harvest|processing|consumption",
    6: "inputs|processing|consumption",
    7: "processing|consumption",
}

# minimum, maximum, count, the plan's word
LINES = {
    "LINK-ALL": ("60/100", "70/100", None, "at_least"),
    "LINK-AGRI": ("90/100", None, None, "about"),
    "HTX-ACTIVE": (None, None, 400, "over"),
    "HTX-AGRI": (None, None, 310, "at_least"),
    "HTX-OTHER": (None, None, 150, "at_least"),
    "UNION-ALL": (None, None, 3, "at_least"),
    "UNION-AGRI": (None, None, 1, "at_least"),
    "UNION-OTHER": (None, None, 2, "at_least"),
    "GROUP-ALL": (None, None, 200, "nearly"),
    "DISSOLVED": (None, None, 100, "at_least"),
    "GRDP": ("67/10000", None, None, "at_least"),
    "STAFF-TRAINED": ("100/100", None, None, "at_least"),
    "STAFF-KEY-TRAINED": ("100/100", None, None, "at_least"),
    "STAFF-DEGREE": ("70/100", None, None, "at_least"),
    "RATED-GOOD": ("70/100", None, None, "about"),
    "RATED-WEAK": (None, "0/100", None, "none"),
    "MARKET-INFO": ("100/100", None, None, "at_least"),
    "LAND": ("50/100", None, None, "over"),
    "HIGH-TECH": ("50/100", None, None, "over"),
    "INSURANCE": ("80/100", None, None, "over"),
}

COMPUTED = {
    "LINK-ALL", "LINK-AGRI", "HTX-ACTIVE", "HTX-AGRI", "HTX-OTHER", "UNION-ALL", "UNION-AGRI",
    "UNION-OTHER", "GROUP-ALL", "DISSOLVED",
}  # fmt: skip


def share(number: int | None, base: int | None) -> str | None:
    assert (number is None) == (base is None)
    return None if number is None else f"{number}/{base}"


def value(row: TargetRow) -> tuple[str | None, str | None, int | None, str]:
    return (
        share(row.min_num, row.min_den),
        share(row.max_num, row.max_den),
        row.count_min,
        row.comparison,
    )


def test_the_seven_forms_have_the_decrees_stages_and_end_in_consumption() -> None:
    forms = read_linkage_forms()
    assert {row.number: "|".join(row.stages) for row in forms} == STAGES
    assert all(row.article == f"Art. 4({row.number})" for row in forms)
    assert all("98/2018" in row.source for row in forms)


def test_the_wording_of_a_form_names_its_stages() -> None:
    words = {"inputs": "vật tư", "production": "sản xuất, thu hoạch", "processing": "chế biến"}
    for row in read_linkage_forms():
        assert row.name_vi.endswith("gắn với tiêu thụ sản phẩm nông nghiệp"), row
        for stage, word in words.items():
            assert (word in row.name_vi) == (stage in row.stages), (row.number, stage)


def test_the_programme_covers_2021_to_2025_in_the_old_city() -> None:
    (row,) = read_programmes()
    assert row.code == "215/KH-UBND 2021-2025"
    assert row.issued_on.isoformat() == "2021-09-21"
    assert (row.starts_on.isoformat(), row.ends_on.isoformat()) == ("2021-01-01", "2025-12-31")
    assert row.territory == "hai-phong-old"


def test_every_line_of_the_plan_is_an_indicator_with_its_target() -> None:
    assert {row.code for row in read_indicators()} == set(LINES)
    assert {row.indicator: value(row) for row in read_targets()} == LINES


def test_what_the_register_knows_is_computed_and_the_rest_reported() -> None:
    how = {row.code: row.how for row in read_indicators()}
    assert {code for code, way in how.items() if way == "computed"} == COMPUTED
    assert set(how.values()) == {"computed", "reported"}


def test_a_target_belongs_to_a_known_programme_and_starts_within_it() -> None:
    programmes = {row.code: row for row in read_programmes()}
    for row in read_targets():
        programme = programmes[row.programme]
        assert programme.starts_on <= row.from_date <= programme.ends_on, row
        assert row.source == "Kế hoạch 215/KH-UBND, mục I.2"


def test_link_agri_says_why_it_is_read_so_and_that_this_proves_nothing() -> None:
    (row,) = [row for row in read_indicators() if row.code == "LINK-AGRI"]
    assert 310 * 90 // 100 == 279
    for figure in ("310", "279", "460", "400"):
        assert figure in row.text_vi and figure in row.text_en
    assert "does not prove" in row.text_en
    assert "chứ không chứng minh" in row.text_vi


def test_counts_have_counts_and_shares_have_shares() -> None:
    unit = {row.code: row.unit for row in read_indicators()}
    for row in read_targets():
        assert (row.count_min is not None) == (unit[row.indicator] == "count"), row
