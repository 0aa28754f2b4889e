"""Charts as SVG drawn on the server: no script, no style attribute; integers for all geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linkage.coverage.targets import TargetRow
from web.presentation import ShareWords

# The bar is 1000 units wide: one unit is a tenth of a percent.
_BAR = 1000


def share_bar(share: ShareWords, *, second: bool = False) -> SafeString:
    """A share against its target: its value, the band between the bounds, a mark at the lower."""
    value = _thousandths(share.numerator, share.denominator)
    band, mark = SafeString(""), SafeString("")
    if share.aim:
        low, high = band_of(share.aim)
        band = format_html(
            '<rect class="band" x="{}" y="0" width="{}" height="20"/>', low, high - low
        )
        mark = format_html('<line class="mark" x1="{0}" x2="{0}" y1="0" y2="20"/>', low)
    return format_html(
        '<svg class="share-bar" viewBox="0 0 {} 20" preserveAspectRatio="none" '
        'role="img" aria-label="{}">'
        '<rect class="ground" x="0" y="0" width="{}" height="20"/>{}'
        '<rect class="value{}" x="0" y="3" width="{}" height="14"/>{}</svg>',
        _BAR,
        share.sentence,
        _BAR,
        band,
        " is-second" if second else "",
        value,
        mark,
    )


def band_of(target: TargetRow) -> tuple[int, int]:
    """A target's bounds in thousandths; one bound is a band without width."""
    low = _thousandths(target.minimum.num, target.minimum.den)
    high = target.maximum
    return low, _thousandths(high.num, high.den) if high else low


def _thousandths(numerator: int, denominator: int) -> int:
    return min(_BAR, numerator * _BAR // denominator) if denominator else 0


@dataclass(frozen=True)
class TrendLine:
    """One line of a trend: a share or None for each label, in the labels' order."""

    name: str
    shares: Sequence[tuple[int, int] | None]
    second: bool = False


_LEFT, _TOP, _WIDTH, _HEIGHT = 48, 12, 400, 200
_GRID = (0, 20, 40, 60, 80, 100)
_LABELS = 6


def trend(
    *, title: str, labels: Sequence[str], lines: Sequence[TrendLine], band: tuple[int, int] | None
) -> SafeString:
    """Shares over time, 0 to 100%; `band` is the target's bounds in thousandths."""
    return format_html(
        '<svg class="trend" viewBox="0 0 480 250" role="img" aria-label="{}">{}{}{}{}</svg>',
        title,
        _target_band(band),
        _grid(),
        _time_axis(labels),
        format_html_join("", "{}", ((_line(line, len(labels)),) for line in lines)),
    )


def _y(thousandths: int) -> int:
    return _TOP + _HEIGHT - thousandths * _HEIGHT // 1000


def _x(index: int, count: int) -> int:
    return _LEFT + (index * _WIDTH // (count - 1) if count > 1 else _WIDTH // 2)


def _target_band(band: tuple[int, int] | None) -> SafeString:
    if band is None:
        return SafeString("")
    top, bottom = _y(band[1]), _y(band[0])
    return format_html(
        '<rect class="band" x="{}" y="{}" width="{}" height="{}"/>',
        _LEFT,
        top,
        _WIDTH,
        max(2, bottom - top),
    )


def _grid() -> SafeString:
    return format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}%</text>',
        (
            (
                _LEFT,
                _LEFT + _WIDTH,
                _y(step * 10),
                _y(step * 10),
                _LEFT - 6,
                _y(step * 10) + 4,
                step,
            )
            for step in _GRID
        ),
    )


def _time_axis(labels: Sequence[str]) -> SafeString:
    step = max(1, -(-len(labels) // _LABELS))
    shown = [index for index in range(len(labels)) if (len(labels) - 1 - index) % step == 0]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((_x(index, len(labels)), _TOP + _HEIGHT + 22, labels[index]) for index in shown),
    )


def _line(line: TrendLine, count: int) -> SafeString:
    points = [
        (_x(index, count), _y(_thousandths(*share)))
        for index, share in enumerate(line.shares)
        if share and share[1]
    ]
    second = " is-second" if line.second else ""
    dots = format_html_join(
        "", '<circle class="dot{}" cx="{}" cy="{}" r="3.5"/>', ((second, x, y) for x, y in points)
    )
    return format_html(
        '<g><title>{}</title><polyline class="line{}" points="{}"/>{}</g>',
        line.name,
        second,
        " ".join(f"{x},{y}" for x, y in points),
        dots,
    )
