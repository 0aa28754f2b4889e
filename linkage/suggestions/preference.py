"""How much the preference for co-ops without a verified linkage counts: a setting of the platform.

Suggestions of other weights carry another version and are made anew, as those of another engine.
"""

from __future__ import annotations

from django.conf import settings

from linkage.matching import WEIGHTS, Weights


def weights() -> Weights:
    """The engine's weights with the preference that the platform is set to."""
    return WEIGHTS.preferring(settings.MATCH_PREFERENCE)


def engine() -> str:
    """The version that suggestions made now carry."""
    return weights().version
