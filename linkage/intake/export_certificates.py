"""The sheet of certificates, for which the office's form has no place; the import reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from linkage.catalogue.models import Certification
from linkage.catalogue.queries import CertificationIndex
from linkage.intake.export_sheet import BOOK, Form
from linkage.intake.planning.register import CertificateState, OrganisationState, Register


def certification_words() -> dict[str, str]:
    """Each certification's code and the word that means it alone: its name, else the code.

    Two queries.
    """
    index = CertificationIndex.load()
    names = Certification.objects.values_list("code", "name_vi")
    return {code: name if index.find(name) == code else code for code, name in names}


def certificate_form(
    register: Register,
    words: Mapping[str, str],
    book_of: Callable[[OrganisationState], str | None],
) -> Sequence[Form]:
    """The columns of certificates; `book_of` is the register's number of who shares a name."""

    def holder(state: CertificateState) -> OrganisationState:
        return register.organisations[state.holder]

    return (
        Form("Tên đơn vị", lambda s: holder(s).name, width=48),
        Form("Mã số thuế", lambda s: holder(s).tax_code),
        Form("Chứng nhận", lambda s: words[s.certification], width=36),
        Form("Số chứng nhận", lambda s: s.number or None, width=24),
        Form("Nơi cấp", lambda s: s.issuer or None, width=36),
        Form("Có giá trị từ", lambda s: s.starts),
        Form("Có giá trị đến", lambda s: s.ends),
        Form(BOOK, lambda s: book_of(holder(s)), always=False),
    )
