"""The writes of agreements, a file a subject: each is one use case in one transaction.

`states.move` is the one function that moves a linkage; imports put what they write where its days
say by `states.follow_days`. Every change of a linkage names the version that the
actor read; a stale one is refused and nothing is written.
"""

from __future__ import annotations

from linkage.agreements.services.contract import (
    KnownAlready,
    Paper,
    QuantityWithoutUnit,
    TerminationAfterEnd,
    TerminationOutOfRange,
    Terms,
)
from linkage.agreements.services.declaring import Partner, complete, confirm, declare, deny
from linkage.agreements.services.delivering import (
    confirm_delivery,
    dispute_delivery,
    enter_delivery,
    withdraw_delivery,
)
from linkage.agreements.services.evidence import (
    TooManyFiles,
    attach_evidence,
    attach_evidence_by_office,
    clear_broken_uploads,
    open_evidence,
    open_own_evidence,
)
from linkage.agreements.services.negotiating import (
    accept,
    answer,
    ask,
    decline,
    propose,
    share_contact,
    terminate,
    withdraw,
)
from linkage.agreements.services.pool_answers import (
    agree_to_pool,
    decline_pool,
    lapse_pools,
    withdraw_pool,
)
from linkage.agreements.services.pooling import Part, propose_pool
from linkage.agreements.services.posts import POST_ACTS, expire_posts
from linkage.agreements.services.recording import (
    AGREED_HERE,
    AgreedByBothSides,
    NotTerminated,
    TerminationToCome,
    correct_termination,
    edit_linkage,
    record_linkage,
    terminate_linkage,
)
from linkage.agreements.services.states import (
    SUBJECT,
    TRANSITIONS,
    IllegalMove,
    NotInThatState,
    ReasonMissing,
    follow_days,
    move,
)
from linkage.agreements.services.terms import Proposal
from linkage.agreements.services.turning import Turned, turn_the_day
from linkage.agreements.services.verifying import (
    NothingSeen,
    NotVerified,
    NotYetVerifiable,
    VerifiedBeforeStart,
    VerifiedByParty,
    VerifiedByRecorder,
    send_back,
    verify_linkage,
    withdraw_verification,
)

__all__ = [
    "AGREED_HERE",
    "POST_ACTS",
    "SUBJECT",
    "TRANSITIONS",
    "AgreedByBothSides",
    "IllegalMove",
    "KnownAlready",
    "NotInThatState",
    "NotTerminated",
    "NotVerified",
    "NotYetVerifiable",
    "NothingSeen",
    "Paper",
    "Part",
    "Partner",
    "Proposal",
    "QuantityWithoutUnit",
    "ReasonMissing",
    "TerminationAfterEnd",
    "TerminationOutOfRange",
    "TerminationToCome",
    "Terms",
    "TooManyFiles",
    "Turned",
    "VerifiedBeforeStart",
    "VerifiedByParty",
    "VerifiedByRecorder",
    "accept",
    "agree_to_pool",
    "answer",
    "ask",
    "attach_evidence",
    "attach_evidence_by_office",
    "clear_broken_uploads",
    "complete",
    "confirm",
    "confirm_delivery",
    "correct_termination",
    "declare",
    "decline",
    "decline_pool",
    "deny",
    "dispute_delivery",
    "edit_linkage",
    "enter_delivery",
    "expire_posts",
    "follow_days",
    "lapse_pools",
    "move",
    "open_evidence",
    "open_own_evidence",
    "propose",
    "propose_pool",
    "record_linkage",
    "send_back",
    "share_contact",
    "terminate",
    "terminate_linkage",
    "turn_the_day",
    "verify_linkage",
    "withdraw",
    "withdraw_delivery",
    "withdraw_pool",
    "withdraw_verification",
]
