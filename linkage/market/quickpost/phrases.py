"""Phrases and what they mean: the one way in which words of a post are compared with a list.

Marks that are written count; a word without marks can mean any that has them, but in a marked text
only as part of a longer phrase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from linkage.market.quickpost.tokens import Token, tokenise

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """Tokens `first` to `last` (not included) that are a phrase; `exact`: with its marks."""

    first: int
    last: int
    value: T
    exact: bool


class Phrases(Generic[T]):
    """A list of phrases, looked up by the tokens of a text."""

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        by_head: dict[str, list[tuple[tuple[Token, ...], T]]] = defaultdict(list)
        for phrase, value in pairs:
            tokens = tuple(token for token in tokenise(phrase) if token.fold[0].isalnum())
            if tokens:
                by_head[tokens[0].fold].append((tokens, value))
        for heads in by_head.values():
            heads.sort(key=lambda pair: -len(pair[0]))
        self._by_head = dict(by_head)

    def at(self, tokens: Sequence[Token], first: int, *, marked: bool) -> Match[T] | None:
        """The longest phrase that begins at a token; of equals the one with its marks."""
        best: Match[T] | None = None
        for phrase, value in self._by_head.get(tokens[first].fold, ()):
            last = first + len(phrase)
            if best is not None and (last < best.last or best.exact):
                break
            fit = _fit(phrase, tokens[first:last], marked)
            if fit is not None and (best is None or fit):
                best = Match(first, last, value, fit)
        return best

    def all_at(self, tokens: Sequence[Token], first: int, *, marked: bool) -> list[Match[T]]:
        """Every phrase that begins at a token, the longest first."""
        found = []
        for phrase, value in self._by_head.get(tokens[first].fold, ()):
            fit = _fit(phrase, tokens[first : first + len(phrase)], marked)
            if fit is not None:
                found.append(Match(first, first + len(phrase), value, fit))
        return found


def _fit(phrase: Sequence[Token], tokens: Sequence[Token], marked: bool) -> bool | None:
    """True: with its marks; False: without some; None: another phrase."""
    if len(phrase) != len(tokens):
        return None
    exact = True
    for asked, token in zip(phrase, tokens, strict=True):
        if asked.spell == token.spell:
            continue
        if not token.bare or token.fold != asked.fold:
            return None
        exact = False
    return None if not exact and marked and len(phrase) == 1 else exact
