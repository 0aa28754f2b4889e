"""Who the parties of a linkage are: by tax code, else by exact folded name if one alone. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from linkage.intake.planning.choosing import Choices
from linkage.intake.planning.duplicates import Entry
from linkage.intake.planning.entries import OrganisationRow
from linkage.intake.planning.organisation_plan import PlannedOrganisation
from linkage.intake.planning.register import OrganisationState, Register
from linkage.registry import tax_codes
from linkage.text import identity_key


@dataclass(frozen=True, slots=True)
class Found:
    """The party (None: none, or none for certain) and the code of what is to be said about it."""

    ref: int | None
    code: str | None = None
    # Whether it is the tax code (not the name) that the finding is about.
    by_code: bool = False
    # The key of a closer sentence than the code's own, and the name that fills it.
    said: str = ""
    other: str = ""


@dataclass(slots=True)
class PartyIndex:
    """Every organisation of the workbook and of the register, by tax code and by folded name."""

    codes: dict[str, int] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    code_of: dict[int, str] = field(default_factory=dict)
    name_of: dict[int, str] = field(default_factory=dict)
    waiting: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # The tax code of each, else its folded name: what a decision about its contracts goes by.
    key_of: dict[int, str] = field(default_factory=dict)
    # What the clerk can say a party is, and whom it means.
    chosen: dict[str, int] = field(default_factory=dict)
    # What an export calls an organisation where its name alone does not tell.
    books: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        register: Register,
        planned: Iterable[PlannedOrganisation],
        held: Iterable[OrganisationRow],
        choices: Choices,
    ) -> PartyIndex:
        """Put the register's and the workbook's organisations together."""
        index = cls(chosen=choices.refs)
        absorbed: dict[int, int] = {}
        for one in planned:
            absorbed.update(dict.fromkeys(one.absorbs, one.ref))
            index._add(one.ref, one.target)
            index._add_entry(one.ref, one.entry)
            index.books |= dict.fromkeys(one.entry.books, one.ref)
        for id_, state in register.organisations.items():
            index._add(absorbed.get(id_, id_), state)
            index.books.setdefault(register.label_of(id_), absorbed.get(id_, id_))
        for row in held:
            index.waiting[row.name_key].add(row.key)
        return index

    def _add(self, ref: int, state: OrganisationState) -> None:
        self.names[state.name_key].add(ref)
        self.name_of.setdefault(ref, state.name)
        self.key_of.setdefault(ref, state.tax_code or state.name_key)
        if state.tax_code:
            self.codes.setdefault(state.tax_code, ref)
            self.code_of.setdefault(ref, state.tax_code)

    def _add_entry(self, ref: int, entry: Entry) -> None:
        for name in entry.names:
            self.names[name].add(ref)
        for key in entry.keys:
            # A merged row's own tax code finds the organisation it was merged into.
            if key[:10].isdigit() and "|" not in key and "#" not in key:
                self.codes.setdefault(key, ref)

    def find(
        self,
        name: str | None,
        tax_code: str | None,
        chosen: str | None = None,
        book: str | None = None,
    ) -> Found:
        """Find a party of a linkage, by the clerk's choice or an export's number if there is one.

        A name and a tax code that mean different ones are ambiguous; a code that finds one while
        the name finds nobody is taken, and said.
        """
        if chosen is not None:
            ref = self.chosen.get(chosen)
            return Found(ref, "party_ambiguous" if ref is None else None)
        named, waits = self._named(name, tax_code)
        numbered = self._numbered(book, tax_code, named)
        if numbered is not None:
            return Found(numbered)
        return self._by_words(name, tax_code, named, waits)

    def _numbered(self, book: str | None, tax_code: str | None, named: set[int]) -> int | None:
        """Whom an export's number means, if name and tax code do not say otherwise."""
        ref = self.books.get(book or "")
        agrees = ref in named and tax_code in (None, self.code_of.get(ref or 0))
        return ref if agrees else None

    def _by_words(
        self, name: str | None, tax_code: str | None, named: set[int], waits: bool
    ) -> Found:
        if tax_code is None:
            beside = name is not None and bool(self.waiting.get(identity_key(name)))
            return self._alone(named, waits, beside)
        ref = self.codes.get(tax_code)
        if ref is None:
            return self._unknown_code(named, waits)
        if ref in named or name is None:
            return Found(ref)
        if named or waits:
            return Found(None, "party_ambiguous", said="code_of_another", other=self.name_of[ref])
        return Found(ref, "party_name_unknown")

    def _named(self, name: str | None, tax_code: str | None) -> tuple[set[int], bool]:
        """Whom the name finds, and whether a row of that name still waits for a person."""
        if name is None:
            return set(), False
        key = identity_key(name)
        named = self.names.get(key, set())
        # A row that waits under the key of one that was accepted under this name is no other party.
        waits = bool(self.waiting.get(key)) and not named
        return named, waits

    def candidates(self, name: str | None, tax_code: str | None) -> set[int]:
        """Whom the name or the tax code could mean."""
        by_code = self.codes.get(tax_code or "")
        return self._named(name, tax_code)[0] | ({by_code} if by_code is not None else set())

    def _alone(self, named: set[int], waits: bool, beside: bool) -> Found:
        """By name: one alone, though another row of the name may be held back beside it."""
        if len(named) == 1:
            return Found(next(iter(named)), "party_name_waits" if beside else None)
        return Found(None, "party_ambiguous" if named or waits else "party_unknown")

    def _unknown_code(self, named: set[int], waits: bool) -> Found:
        """The register knows the name and not this code: only one without a code can be meant."""
        if not named and not waits:
            return Found(None, "party_unknown", by_code=True)
        if len(named) == 1:
            ref = next(iter(named))
            if ref not in self.code_of:
                return Found(ref, "party_code_unknown", by_code=True)
        others = named and all(ref in self.code_of for ref in named)
        said = "not_its_code" if others else ""
        return Found(None, "party_ambiguous", by_code=True, said=said)

    def is_one(self, seller: int | None, buyer: int | None) -> bool:
        """Whether two parties that were found are one organisation, or under one tax code."""
        if seller is None or buyer is None:
            return False
        if seller == buyer:
            return True
        one, other = self.code_of.get(seller), self.code_of.get(buyer)
        return bool(one and other and tax_codes.same_party(one, other))


def written_as_one(
    seller: str | None, seller_code: str | None, buyer: str | None, buyer_code: str | None
) -> bool:
    """Whether the row itself names one party twice, known to the register or not."""
    if seller_code and buyer_code:
        return tax_codes.same_party(seller_code, buyer_code)
    return bool(seller and buyer and identity_key(seller) == identity_key(buyer))
