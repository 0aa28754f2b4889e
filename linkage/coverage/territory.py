"""A territory's words -> its key and its communes. Pure; communes come in as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from linkage import text
from linkage.errors import Invalid

HAI_PHONG_OLD, HAI_DUONG_OLD = "hai-phong-old", "hai-duong-old"
_PROVINCES = {"hai phong": HAI_PHONG_OLD, "hai duong": HAI_DUONG_OLD}
_DISTRICT_WORDS = ("quan", "huyen", "thi xa", "thanh pho")


class UnknownTerritory(Invalid):
    """No former province, former district or commune of that name."""

    code = "territory_unknown"
    words = _("There is no territory %(territory)s.")


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune of today and what most of it belonged to before 2025-07-01."""

    code: str
    former_province: str
    former_district: str


@dataclass(frozen=True, slots=True)
class Territory:
    """`key` None and `communes` None: every organisation in the register."""

    key: str | None
    communes: frozenset[str] | None


EVERYWHERE = Territory(None, None)


def named_territories(communes: Iterable[CommuneRow]) -> dict[str, frozenset[str]]:
    """Every former province and district by its key, and every commune by its code.

    Bạch Long Vĩ's former province is empty in the source and is Hai Phong's.
    """
    found: dict[str, set[str]] = {HAI_PHONG_OLD: set(), HAI_DUONG_OLD: set()}
    for row in communes:
        province = _PROVINCES.get(text.search_key(row.former_province), HAI_PHONG_OLD)
        found[province].add(row.code)
        found.setdefault(row.code, set()).add(row.code)
        if row.former_district:
            found.setdefault(slug(row.former_district), set()).add(row.code)
    return {key: frozenset(codes) for key, codes in found.items()}


def find(words: str | None, named: Mapping[str, Iterable[str]]) -> Territory:
    """The territory that `words` name among `named` (see `named_territories`); none: everywhere.

    A district is named with its kind (huyen-vinh-bao, "Huyện Vĩnh Bảo") or, where one alone bears
    the name, without ("Vĩnh Bảo"). Raises: UnknownTerritory.

    >>> named = {"huyen-vinh-bao": ["11824"], "11824": ["11824"]}
    >>> find("Vĩnh Bảo", named).key
    'huyen-vinh-bao'
    """
    if words is None or not words.strip():
        return EVERYWHERE
    key = slug(words)
    if key not in named:
        bare = _without_kind(key)
        alike = [name for name in named if _without_kind(name) == bare and not name.isdigit()]
        if len(alike) != 1:
            raise UnknownTerritory(territory=words)
        key = alike[0]
    return Territory(key, frozenset(named[key]))


def slug(words: str) -> str:
    """Marks off, lower case, hyphens for spaces."""
    return text.search_key(words).replace(" ", "-")


def _without_kind(key: str) -> str:
    for word in _DISTRICT_WORDS:
        prefix = word.replace(" ", "-") + "-"
        if key.startswith(prefix):
            return key.removeprefix(prefix)
    return key
