"""The writes of the registry, a file a subject: each is one use case in one transaction.

Every change of an organisation names the version that the actor read; a stale one is refused and
nothing is written. Fields that a person sets are marked, so that imports leave them alone, and each
change adds a line to the organisation's history.
"""

from __future__ import annotations

from linkage.registry.services.accounts import (
    create_account,
    create_administrator,
    grant_role,
    revoke_role,
    set_account_active,
)
from linkage.registry.services.certificates import add_certificate, remove_certificate
from linkage.registry.services.contacts import add_contact, remove_contact
from linkage.registry.services.facts import set_commune, set_kind, set_sector, set_status
from linkage.registry.services.merging import merge_organisations
from linkage.registry.services.organisations import Details, create_organisation, edit_organisation
from linkage.registry.services.products import add_product, remove_product
from linkage.registry.services.settling import settle

__all__ = [
    "Details",
    "add_certificate",
    "add_contact",
    "add_product",
    "create_account",
    "create_administrator",
    "create_organisation",
    "edit_organisation",
    "grant_role",
    "merge_organisations",
    "remove_certificate",
    "remove_contact",
    "remove_product",
    "revoke_role",
    "set_account_active",
    "set_commune",
    "set_kind",
    "set_sector",
    "set_status",
    "settle",
]
