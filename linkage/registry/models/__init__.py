"""Data and constraints of the registry, a file a subject."""

from __future__ import annotations

from linkage.registry.models.accounts import Role, RoleGrant, User
from linkage.registry.models.events import RegistryEvent
from linkage.registry.models.facts import (
    COUNTED_KINDS,
    ENDS_OF_ACTIVITY,
    CommuneFact,
    DatedFact,
    Kind,
    KindFact,
    SectorFact,
    Status,
    StatusFact,
)
from linkage.registry.models.members import (
    AccessCode,
    CodeTries,
    JoinRequest,
    MemberRole,
    Membership,
)
from linkage.registry.models.officers import (
    Call,
    ConsentEnd,
    ConsentScan,
    Deed,
    OfficerAct,
    OfficerConsent,
)
from linkage.registry.models.organisations import (
    Certificate,
    ContactPerson,
    Organisation,
    Product,
)
from linkage.registry.models.places import Commune, EarlierPlace, FormerCommune
from linkage.registry.models.tokens import ApiToken

__all__ = [
    "COUNTED_KINDS",
    "ENDS_OF_ACTIVITY",
    "AccessCode",
    "ApiToken",
    "Call",
    "Certificate",
    "CodeTries",
    "Commune",
    "CommuneFact",
    "ConsentEnd",
    "ConsentScan",
    "ContactPerson",
    "DatedFact",
    "Deed",
    "EarlierPlace",
    "FormerCommune",
    "JoinRequest",
    "Kind",
    "KindFact",
    "MemberRole",
    "Membership",
    "OfficerAct",
    "OfficerConsent",
    "Organisation",
    "Product",
    "RegistryEvent",
    "Role",
    "RoleGrant",
    "SectorFact",
    "Status",
    "StatusFact",
    "User",
]
