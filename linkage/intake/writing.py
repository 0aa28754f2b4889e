"""Writes a plan into the register, in the caller's one transaction; all was computed before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from linkage.agreements.models import Linkage
from linkage.agreements.services import follow_days
from linkage.intake.changes import Recorder, in_chunks, row_as_json
from linkage.intake.models import RegisterKey
from linkage.intake.planning.entries import linkage_key
from linkage.intake.planning.facts import Fact
from linkage.intake.planning.linkage_plan import PlannedLinkage
from linkage.intake.planning.plan import Plan
from linkage.intake.planning.register import (
    FACTS,
    CertificateState,
    LinkageState,
    OrganisationState,
)
from linkage.registry.models import Certificate, ContactPerson, Organisation, Product
from linkage.text import search_key, sort_key

_LINKAGE_COLUMNS = {
    "commodity_id": "commodity",
    "form_id": "form",
    "unit_id": "unit",
    **{
        name: name
        for name in (
            *("contract_number", "starts", "ends", "terminated_on", "product_as_written"),
            *("form_as_written", "quantity", "confirmed_on", "verified_on"),
            *("checked_as_written", "version"),
        )
    },
}


class Writer:
    """Creates and changes rows in few statements, each noted for the undoing.

    Make it before the transaction opens, and call `write` once inside.
    """

    def __init__(self, recorder: Recorder, plan: Plan, *, on: date) -> None:
        """`on` is today: where each linkage stands by its days."""
        self.recorder = recorder
        self.plan = plan
        self.on = on
        self.ids: dict[int, int] = {}
        # Made before the transaction: keys for searching and sorting take their time.
        self.new = [
            (one, _fill_organisation(Organisation(), one.target))
            for one in plan.organisations
            if one.is_new
        ]

    def write(self) -> None:
        """Organisations with all that hangs on them, linkages, the keys that were used."""
        self._organisations()
        self._facts()
        self._contacts()
        self._products()
        self._certificates()
        self._linkages()
        self._keys()
        self.recorder.save()

    # --- Organisations ------------------------------------------------------------------------
    def _organisations(self) -> None:
        planned = self.plan.organisations
        changed = [one for one in planned if one.is_changed]
        absorbed = {id_: one.ref for one in planned for id_ in one.absorbs}
        rows = _rows_of(Organisation, [*(one.ref for one in changed), *absorbed])
        befores = {id_: row_as_json(row) for id_, row in rows.items()}
        # Merged ones first: the survivor may take over a tax code, which only one can have.
        for gone, survivor in absorbed.items():
            rows[gone].merged_into_id = survivor
            rows[gone].version += 1
        self.recorder.update(Organisation, [(rows[id_], befores[id_]) for id_ in absorbed])
        for one in changed:
            _fill_organisation(rows[one.ref], one.target)
        self.recorder.update(Organisation, [(rows[one.ref], befores[one.ref]) for one in changed])
        self.recorder.create(Organisation, [row for _, row in self.new])
        self.ids = {one.ref: row.pk for one, row in self.new}

    def _touched(self) -> Iterable[tuple[int, OrganisationState | None, OrganisationState]]:
        for one in self.plan.organisations:
            if one.is_new or one.is_changed:
                yield self.ids.get(one.ref, one.ref), one.current, one.target

    def _facts(self) -> None:
        for name, (model, column) in FACTS.items():
            created: list[Any] = []
            updated: dict[int | None, Fact] = {}
            gone: list[int | None] = []
            for owner, current, target in self._touched():
                before = current.facts.get(name, ()) if current else ()
                after = target.facts.get(name, ())
                if before is after:
                    continue
                kept = {fact.id: fact for fact in after if fact.id is not None}
                gone += [fact.id for fact in before if fact.id not in kept]
                updated |= {f.id: kept[f.id] for f in before if f.id in kept and f != kept[f.id]}
                created += [_fact_row(model, column, owner, f) for f in after if f.id is None]
            rows = _rows_of(model, [*gone, *updated])
            befores = {id_: row_as_json(rows[id_]) for id_ in updated}
            self.recorder.delete(model, [rows[id_] for id_ in gone])
            for id_, fact in updated.items():
                rows[id_].since, rows[id_].as_written = fact.since, fact.as_written
                setattr(rows[id_], column, fact.value)
            self.recorder.update(model, [(rows[id_], befores[id_]) for id_ in updated])
            self.recorder.create(model, created)

    def _contacts(self) -> None:
        self._single(
            ContactPerson,
            "contact",
            lambda said: {"name": said.name, "phone": said.phone, "is_representative": True},
        )

    def _products(self) -> None:
        self._single(
            Product,
            "product",
            lambda said: {
                "commodity_id": said.commodity,
                "as_written": said.as_written,
                "is_main": True,
            },
        )

    def _single(self, model: type[Any], name: str, columns: Any) -> None:
        """What an organisation has one of: the representative, the main product."""
        created: list[Any] = []
        updated: dict[int, dict[str, Any]] = {}
        for owner, current, target in self._touched():
            said = getattr(target, name)
            if said is None or (current is not None and getattr(current, name) == said):
                continue
            if said.id is None:
                created.append(model(organisation_id=owner, **columns(said)))
            else:
                updated[said.id] = columns(said)
        rows = _rows_of(model, list(updated))
        pairs = []
        for id_, values in updated.items():
            before = row_as_json(rows[id_])
            for column, value in values.items():
                setattr(rows[id_], column, value)
            pairs.append((rows[id_], before))
        self.recorder.update(model, pairs)
        self.recorder.create(model, created)

    # --- Certificates ---------------------------------------------------------------------------
    def holders(self) -> set[int]:
        """The organisations that get a certificate, or another word about one."""
        return {
            self.ids.get(one.target.holder, one.target.holder)
            for one in self.plan.certificates
            if one.is_new or one.is_changed
        }

    def _certificates(self) -> None:
        planned = self.plan.certificates
        changed = {one.target.id: one.target for one in planned if one.is_changed}
        rows = _rows_of(Certificate, list(changed))
        befores = {id_: row_as_json(row) for id_, row in rows.items()}
        for id_, row in rows.items():
            _fill_certificate(row, changed[id_])
        self.recorder.update(Certificate, [(rows[id_], befores[id_]) for id_ in rows])
        new = [one.target for one in planned if one.is_new]
        self.recorder.create(
            Certificate,
            [
                _fill_certificate(
                    Certificate(
                        organisation_id=self.ids.get(state.holder, state.holder),
                        certification_id=state.certification,
                        starts=state.starts,
                    ),
                    state,
                )
                for state in new
            ],
        )
        self._touch_holders()

    def _touch_holders(self) -> None:
        """Whoever looks at an organisation that gets a certificate alone sees an older version."""
        touched = {owner for owner, _, _ in self._touched()}
        rows = _rows_of(Organisation, sorted(self.holders() - touched))
        pairs = []
        for row in rows.values():
            before = row_as_json(row)
            row.version += 1
            pairs.append((row, before))
        self.recorder.update(Organisation, pairs)

    # --- Linkages -------------------------------------------------------------------------------
    def _linkages(self) -> None:
        planned = self.plan.linkages
        changed = [one for one in planned if one.is_changed and one.current is not None]
        rows = _rows_of(Linkage, [one.current.id for one in changed if one.current])
        pairs = []
        for one in changed:
            row = rows[one.current.id if one.current else None]
            before = row_as_json(row)
            _fill_linkage(row, one.target, self.on)
            pairs.append((row, before))
        self.recorder.update(Linkage, pairs)
        new = [one for one in planned if one.is_new]
        created = [self._new_linkage(one) for one in new]
        self.recorder.create(Linkage, created)
        self.linkage_ids = {id(one): row.pk for one, row in zip(new, created, strict=True)}

    def _new_linkage(self, one: PlannedLinkage) -> Linkage:
        state = one.target
        row = Linkage(
            seller_id=self.ids.get(state.seller, state.seller),
            buyer_id=self.ids.get(state.buyer, state.buyer),
            origin=state.origin,
        )
        return _fill_linkage(row, state, self.on)

    # --- Keys -----------------------------------------------------------------------------------
    def _keys(self) -> None:
        """Remember by which key the workbook named each of them."""
        register = self.plan.register
        keys = []
        for organisation in self.plan.organisations:
            owner = self.ids.get(organisation.ref, organisation.ref)
            entry = organisation.entry
            for key in dict.fromkeys((*entry.keys, *filter(None, [entry.ident]))):
                if key not in register.organisation_keys:
                    keys.append(RegisterKey(kind="organisation", key=key, organisation_id=owner))
        for linkage in self.plan.linkages:
            key, id_ = self._linkage_key(linkage), self.linkage_id(linkage)
            if key not in register.linkage_keys:
                keys.append(RegisterKey(kind="linkage", key=key, linkage_id=id_))
        self.recorder.create(RegisterKey, keys)

    def _linkage_key(self, one: PlannedLinkage) -> str:
        if one.current is not None:
            return one.key
        state = one.target
        seller, buyer = (self.ids.get(ref, ref) for ref in (state.seller, state.buyer))
        return linkage_key(state.contract_number, seller, buyer, state.starts)

    def linkage_id(self, one: PlannedLinkage) -> int | None:
        """The number of a linkage that was written."""
        return one.current.id if one.current is not None else self.linkage_ids[id(one)]


def _rows_of(model: type[Any], ids: list[Any]) -> dict[Any, Any]:
    """The rows with these ids, locked where the database can."""
    found: dict[Any, Any] = {}
    for some in in_chunks(ids):
        rows = model._default_manager.select_for_update().filter(pk__in=some)
        found.update({row.pk: row for row in rows})
    return found


def _fill_organisation(row: Organisation, state: OrganisationState) -> Organisation:
    if row.name != state.name:
        row.name, row.name_key = state.name, state.name_key
        row.search_key, row.sort_key = search_key(state.name), sort_key(state.name)
    row.tax_code, row.founded_on = state.tax_code, state.founded_on
    row.members, row.role_in_chain = state.members, state.role_in_chain
    row.origin, row.version = state.origin, state.version
    return row


def _fact_row(model: type[Any], column: str, owner: int, fact: Fact) -> Any:
    return model(
        organisation_id=owner,
        since=fact.since,
        as_written=fact.as_written,
        **{column: fact.value},
    )


def _fill_certificate(row: Certificate, state: CertificateState) -> Certificate:
    row.number, row.issuer, row.ends = state.number, state.issuer, state.ends
    return row


def _fill_linkage(row: Linkage, state: LinkageState, on: date) -> Linkage:
    for column, name in _LINKAGE_COLUMNS.items():
        setattr(row, column, getattr(state, name))
    follow_days(row, on=on)
    return row
