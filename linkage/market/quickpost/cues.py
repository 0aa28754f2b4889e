"""The words that say a side, and those that say that there is no post: tables for `sides`.

All are folded. Of the strong rules the earlier one eats what the later ones would find inside it.
"""

from __future__ import annotations

import re

OFFER, NEED = "offer", "need"


def _any(*phrases: str) -> str:
    return "(?:" + "|".join(phrases) + ")"


# Folded words that are several words, and those of them that speak of trade.
MEANT = {
    "ban": {"bán"}, "mua": {"mua"}, "can": {"cần"}, "co": {"có"}, "con": {"còn"}, "tim": {"tìm"},
    "gom": {"gom"}, "nhap": {"nhập"}, "lay": {"lấy"}, "thu": {"thu", "thụ"}, "dat": {"đặt"},
    "ra": {"ra"}, "dau": {"đầu"}, "hang": {"hàng"}, "gia": {"giá"}, "xa": {"xả"}, "du": {"dư"},
    "may": {"máy"}, "nhan": {"nhận"}, "bo": {"bỏ"}, "sa": {"sả"}, "trai": {"trại"}, "vua": {"vừa"},
    "roi": {"rồi"}, "nho": {"nhờ", "nhổ"},
    "dam": {"đầm"}, "ruong": {"ruộng"}, "vuon": {"vườn"}, "chuong": {"chuồng"}, "long": {"lồng"},
    "be": {"bể", "bẻ"}, "ao": {"ao"}, "hai": {"hái", "hải"}, "cat": {"cắt"},
}  # fmt: skip
# "_" is what is left of "bạn".
_PEOPLE = _any(
    "bac", "anh", "chi", "co", "chu", "em", "ban", "_+", "nha", "htx", "cong ty", "cty", "dn",
    "doanh nghiep", "don vi", "thuong lai", "nguoi", "nha vuon", "ho", "co so", "nha hang",
    "sieu thi", "dai ly", "anh chi", "ace", "moi nguoi", "mn",
)  # fmt: skip
_SOMEBODY = rf"(?:ai|{_PEOPLE}(?: em)? nao)"
_FEW_WORDS = r"(?:\w+ ){0,4}?"
_BUYS = _any(
    "mua", "can", "lay", "nhap", "an", "dung", "thu mua", "bao tieu", "co nhu cau", "order", "dat",
    "quan tam", "nhan bao tieu", "nhan mua",
)  # fmt: skip
_SELLS = _any("co", "con", "ban", "nhuong", "de lai", "san", "cung cap", "giao duoc", "lam duoc")
_TAKES = _any("thu mua", "mua", "lay", "bao tieu", "tieu thu")
_WHO = _any(
    "nguoi", "noi", "don vi", "ben", "cong ty", "cty", "dn", "doanh nghiep", "co so", "doi tac",
    "nha may", "sieu thi",
)  # fmt: skip
_GROWERS = _any(
    "htx", "tht", "hop tac xa", "to hop tac", "nong ho", "ho nong dan", "ho dan", "ho trong",
    "ho nuoi", "nong dan", "ba con", "nha vuon", "chu vuon", "trang trai", "trai", "vung",
)  # fmt: skip
_WITH_US = _any("lien ket", "hop tac", "ky", "trong", "nuoi", "san xuat", "cung cap", "cung ung")
_A_BUYER = _any(
    "dau ra", "tieu thu", "bao tieu", "nguoi mua", "ben mua", "noi mua", "thuong lai", "moi ban",
    "ban hang", "khach mua", "khach hang", "khach", "cho ban", "thu mua giup", "thu mua ho",
    "(?<!cho )dau moi", "moi bo", "cho bo",
)  # fmt: skip
_A_SELLER = _any(
    "nguon", "nha cung cap", "ncc", "moi lay (?:hang|ve|nguon|gia|si)",
    "moi (?:hang|mua|nhap|giao|cung ung|cung cap)", "don vi cung cap", "ben cung cap",
    "nguoi ban", "cho ban si", "cho lay", "nguoi cung cap", "vung trong",
    rf"{_WHO} (?:\w+ )?(?:cung cap|cung ung|giao (?:hang|duoc|deu)|giao(?= \d))",
    "moi cung",
)  # fmt: skip
_TO_SELL = _any(
    "ban", "thanh ly", "day", "xa", "ra hang", "xuat", "chuyen nhuong", "sang nhuong", "nhuong"
)
_FOR_US = _any("giup", "ho (?:em|toi|ba con|htx|minh|nong dan)", "gium")
_SUPPLIES = _any(
    "cung cap", "cung ung", "thanh ly", "xuat chuong", "xuat ao", "xuat vuon", "pass", "chao hang",
    "san hang", "co san", "sang nhuong", "de lai",
)  # fmt: skip
# So much is there, and a buyer is looked for who takes what is brought.
_HAS = r"(?:co|con|du|trong|nuoi|ra duoc|thu duoc|cat duoc) (?:khoang |tam )?\d"
_OUTLETS = _any("quan", "bep", "cua hang", "nha hang", "dai ly", "sap", "co so", "suat", "sieu thi")
_EATERY = _any("quan", "bep", "nha hang", "bep an", "can tin", "khach san")
STRONG = (
    (OFFER, rf"{_HAS}(?!\d* {_OUTLETS})[^\n]{{0,60}}?\b(?:tim|can|kiem) (?:\w+ )?moi giao\b"),
    (OFFER, r"(?:can|tim|kiem) (?:\w+ ){0,2}?moi lay\b(?! (?:hang|ve|nguon|gia|si)\b)"),
    (NEED, rf"(?:can|tim|kiem) (?:\w+ )?{_GROWERS} (?:\w+ ){{0,2}}?{_WITH_US}\b"),
    (NEED, r"(?:tim|kiem) (?:\w+ )?vung\b"),
    (OFFER, rf"{_SOMEBODY} (?:muon |dang |co nhu cau |can )*{_BUYS}\b"),
    (NEED, rf"{_SOMEBODY} (?:dang |hien )?{_SELLS}\b"),
    (NEED, r"co ai (?:co|con|ban)\b"),
    (OFFER, r"co ai (?:nhan |thu )?(?:mua|can|lay|bao tieu)\b"),
    (OFFER, rf"(?:can|tim|nho|mong|xin|muon|kiem|cho) {_FEW_WORDS}{_A_BUYER}\b"),
    (OFFER, rf"(?:can|tim|nho|mong|kiem) (?:\w+ ){{0,2}}?{_WHO} (?:\w+ ){{0,2}}?{_TAKES}\b"),
    (OFFER, rf"(?:bao tieu|tieu thu|thu mua|mua) (?:\w+ ){{0,6}}?{_FOR_US}\b"),
    (OFFER, r"giai cuu\b"),
    (OFFER, r"dau ra (?:cho|san pham)\b"),
    (OFFER, rf"(?:can|muon) (?:gap )?{_TO_SELL}\b"),
    (NEED, r"(?:can|muon|dang|hoi|dat|thu|tim|cho|gom) (?:gap )?(?:mua|nhap|gom)\b"),
    (NEED, rf"(?:can|tim|kiem) (?:\w+ ){{0,2}}?{_A_SELLER}\b"),
    (OFFER, r"nhan (?:dat|order|don)\b"),
    (OFFER, r"bo (?:moi|si)\b"),
    (OFFER, r"xa (?:kho|hang|lo|ao|vuon|gap|\d)"),
    # As they say it who do not tell s from x; behind a verb of trade it is lemongrass.
    (OFFER, r"(?<!ban )(?<!mua )sa (?:kho|hang|lo)\b"),
    (NEED, rf"{_EATERY} (?:\w+ ){{0,4}}?(?:tim|kiem|can) moi(?! (?:lay|ban|bo|tieu)\b)\b"),
    (NEED, r"(?:dat|order) (?:mua|hang|truoc|lay)?\b"),
    (NEED, r"bao tieu\b"),
    (NEED, r"mua\b(?! ban| bao hiem)"),
    (NEED, r"thu gom\b"),
    (OFFER, r"ban\b(?! (?:do|kinh|hang online|chay|dau gia))"),
    (OFFER, rf"{_SUPPLIES}\b"),
)
# What people have beside goods.
_NO_GOODS = _any(
    "giay", "chung nhan", "tem", "hoa don", "xe", "kho", "the", "nhu cau", "viet ?gap",
    "global ?gap", "haccp", "asc", "iso", "ocop",
)  # fmt: skip
WEAK = (
    (NEED, r"(?:can|nhap|tuyen|gom)\b"),
    (NEED, r"tim(?= (?:khoang |tam )?\d)"),
    (NEED, r"lay(?= (?:khoang |tam )?\d)"),
    (OFFER, rf"co\b(?! {_NO_GOODS}\b)"),
    (OFFER, r"(?:con|sap thu|dang thu|chuan bi thu|den ky thu|du thua|du|ra(?= \d))\b"),
    (OFFER, r"xuat(?= (?:ban |di |duoc )?(?:khoang |tam )?\d)"),
    (OFFER, r"(?:ra|cat|hai|be|nho|bat|vot) duoc(?= (?:khoang |tam )?\d)"),
)  # fmt: skip
# What only those who grow it say, where no word of trade stands at all.
_PICKED = _any("nho", "hai", "cat", "be", "dao", "bat", "keo", "vot", "thu hoach", "danh bat")
_GARDEN = _any("vuon", "ruong", "ao", "dam", "trai", "chuong", "be", "long")
FAINT = (
    (OFFER, rf"(?:moi|vua) {_PICKED}\b|{_PICKED} (?:moi|ve)\b"),
    (OFFER, rf"(?:(?:tai|o) |(?<=[^\w\s] )){_GARDEN}\b(?! cay)"),
    (OFFER, r"lay (?:tai|o)\b"),
    (OFFER, r"tat ao\b|tau (?:cap|ve)\b|keo luoi\b|(?:cat|no|thu hoach) (?:tu|ngay|vao)\b"),
    (OFFER, rf"(?:{_GARDEN}|(?<!ca )nha) (?:em|nha em|toi|chau)\b"),
)

# With its marks no other word.
MEETINGS = frozenset({"họp"})
_TO_TRADE = _any("mua", "thu mua", "ban", "nhan")
_DEALT = r"(?<!can )(?<!muon )(?:ban|mua|thu|gom|xuat|nhap|lay)"
_IT_IS_DONE = r"(?! (?:nghi|moi|den|chuyen|lai|se|di|ve)\b)"
_IN_THE_CLAUSE = r"(?:[^.,;!?\n]|(?<=\d)[.,](?=\d)){0,40}?"
_IN_THE_PAST = "hom qua|hom kia|tuan truoc|thang truoc|nam ngoai"
_A_CONTEST = "(?:hoi thi|cuoc thi|thi nau an|giai (?:nhat|nhi|thuong|khuyen khich))"
# Of what was sold nothing is said to be left, or to be sold now.
_NO_MORE_LEFT = r"(?![^\n]*?\b(?:con|nay)\b[^.\n]{0,25}?\d ?(?:tan|ta|kg|ky|yen)\b)"
NO_POST = tuple(
    re.compile(rf"\b{pattern}\b")
    for pattern in (
        "hop "
        + _any(
            "hoi vien", "xa vien", "to", "ban", "hoi dong", "chi bo", "dinh ky", "tong ket", "dan",
            "giao ban", "khan", "lop", "mat", "thanh vien", "dai hoi", "bat thuong",
        ),
        _any(
            "tap huan", "hoi nghi", "hoi thao", "dai hoi", "le hoi", "khai giang", "lop hoc",
            "chuc mung", "chia buon", "du bao thoi tiet", "tiem phong", "lich cat dien",
            "dong phi", "nop phi", "dong quy", "nop quy", "thong bao hop", "moi hop", "moi du",
            "tin buon", "xin cam on moi nguoi da",
        ),
        _any(
            r"tuyen \d+", "tuyen dung", "tuyen nhan vien", "tuyen lao dong", "tuyen cong nhan",
            "tuyen lai xe", "viec lam", "nha tro", "cho thue", "can thue", "thue kho", "thue xe",
            "thue dat",
        ),
        _any(
            "da ban het", "ban het roi", "het hang", "da chot", "da du hang", "da du so luong",
            "da ban xong", "da mua du", "khong ban(?! le)", "khong mua",
            "(?<!ca )chua ban", "(?<!ca )chua mua",
            "khong con", "ngung nhan",
        ),
        f"(?:ngung|tam dung|dung) {_TO_TRADE}",
        # "Bán hết 5 tấn tỏi rồi": it is done; a number may have its dot.
        rf"{_DEALT} (?:het|xong|du)\b{_IN_THE_CLAUSE}(?<!chin )(?<!gia )(?<!lua )roi{_IT_IS_DONE}",
        r"(?:da|vua) (?:ban|mua|gom|thu mua|xuat|chot) (?:het|xong|du)",
        r"(?:da )?co (?:nguoi|khach|ben) (?:mua|lay|chot|dat) (?:het )?roi",
        r"(?:cho (?:em |toi |minh |chau |con |bac )?hoi|ai biet|xin hoi|hoi gia)",
        r"(?:cach (?:trong|nuoi|lam|u|phong|tri|cham)|ky thuat (?:trong|nuoi))",
        r"(?:bi benh|phong benh|tri benh|bao nhieu (?:tien|mot|1|a|vay|roi|the))",
        r"(?:xay ra|canh bao|lua dao|mat xe|nhat duoc|danh roi|tim tre)",
        rf"(?:{_IN_THE_PAST}) (?:\w+ ){{0,4}}?(?:ban|mua)\b{_NO_MORE_LEFT}",
        rf"(?:ban duoc|da ban)\b{_NO_MORE_LEFT}",
        rf"{_A_CONTEST}\b(?!.*\b(?:nhan (?:don|dat)|ban|can|con \d))",
        r"(?:nau (?:an|com|co)|lien hoan)\b(?!.*\b(?:can|mua|ban|tim|nhan)\b)",
        r"(?:tong ket|mua duoc|mua .{0,40}\bo dau|can tu van|xin tu van)",
        r"may (?:say|gat|xay|ep|bom|thai|bua|cay)(?! chay)",
        r"tim nguoi(?! (?:mua|bao|ban|tieu|thu|lay|nhan|cung|co|dat))",
    )
)  # fmt: skip

# With them goods, a quantity and a price are no offer by themselves: questions, wishes, news, what
# was sold before.
NO_OFFER = re.compile(
    rf"\?|\b(?:{_IN_THE_PAST}|mong|gia nhu|gia ma|neu|bao nhieu|the nao|thi truong|ngoai cho"
    r"|ca cho|thuong|phat|tang|tien an|nau|mat trom|het|chi phi|gia thanh|lo nang"
    r"|da (?:giao|ban|tra)|chua tra|gia von|do bo|ep gia|uoc gi|an(?= \d)"
    r"|gia (?:\w+ ){1,3}hom nay)\b"
)
