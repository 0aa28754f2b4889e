"""Wordings that clerks use, and those that must not be taken for something else."""

from __future__ import annotations

import pytest

from linkage.intake.reading.headers import FIELDS, TableKind, heading_of, label_of

ORGANISATIONS = {
    "Tên HTX/ THT/ LH HTX": "name",
    "Tên đơn vị KTTT": "name",
    "Mã số thuế/ Mã số ĐKKD": "tax_code",
    "Mã số thuế HTX/Mã QHNS": "tax_code",
    "Xã/ Phường/ Đặc khu (mới)": "commune",
    "Ngày/tháng/năm thành lập": "founded_on",
    "Năm thành lập": "founded_on",
    "Trạng thái HĐ": "status",
    "Hoạt động/ Ngừng HĐ": "status",
    "Tình trạng hoạt động hiện nay": "status",
    "Ngày thay đổi trạng thái (nếu có)": "status_on",
    "Người đại diện theo PL": "representative",
    "Số ĐTDĐ": "phone",
    "Ngành nghề SXKD chính": "sector",
    "Loại hình (HTX/THT/LHHTX)": "kind",
    "Mã đơn vị": None,
    "Huyện/Quận": None,
    "Ngành hàng": None,
    "Ghi chú": None,
}
LINKAGES = {
    "Bên A (Bên bán)": "seller",
    "HTX cung ứng": "seller",
    "Nhà cung cấp": "seller",
    "Đơn vị thu mua/tiêu thụ": "buyer",
    "DN bao tiêu sản phẩm": "buyer",
    "Doanh nghiệp liên kết tiêu thụ": "buyer",
    "Thương nhân thu mua": "buyer",
    "Mã số thuế - bên bán": "seller_tax_code",
    "Mã số thuế người mua": "buyer_tax_code",
    "Số HĐ, ngày ký": "contract_number",
    "Ngày có hiệu lực của HĐ": "starts",
    "Ngày HĐ hết hiệu lực": "ends",
    "Từ (ngày/tháng/năm)": "starts",
    "Đến ngày tháng năm": "ends",
    "Sản lượng (tấn/năm)": "quantity",
    "Hình thức liên kết theo Nghị định 98/2018/NĐ-CP": "form",
    "Kiểm tra ngày": "verified_on",
    "Địa chỉ bên mua": None,
    "Đại diện bên bán": None,
    "Ngày bên bán ký": None,
    "Giá bán": None,
    "Đơn vị ban hành": None,
    "Thời hạn hợp đồng": None,
    "Tình trạng hợp đồng": None,
    "Giá trị hợp đồng": None,
    "Người kiểm tra": None,
}


@pytest.mark.parametrize(("header", "field"), ORGANISATIONS.items())
def test_headers_of_organisations(header: str, field: str | None) -> None:
    assert heading_of(TableKind.COOPERATIVES, header).field == field


@pytest.mark.parametrize(("header", "field"), LINKAGES.items())
def test_headers_of_linkages(header: str, field: str | None) -> None:
    assert heading_of(TableKind.LINKAGES, header).field == field


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind in TableKind for field in FIELDS[kind]]
)
def test_each_field_is_found_by_the_header_that_names_it(kind: TableKind, field: str) -> None:
    assert heading_of(kind, label_of(kind, field)).field == field
