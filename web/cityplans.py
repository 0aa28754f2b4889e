"""The city's plans as pages show them: settings, headline, figures, lines and reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from linkage.coverage.models import Indicator
from linkage.coverage.queries import target_for
from linkage.jobs.models import Job
from linkage.jobs.services import ENDED
from linkage.market.amounts import about
from linkage.matching.weights import FULL
from linkage.registry.models import Organisation
from linkage.suggestions import plans
from linkage.suggestions.models import Plan, PlanFigure, PlanLeftOut, PlanLine, PlanOutcome
from linkage.suggestions.plans import Comparison, Differing, Goods, SeenPlan
from web.presentation import ShareWords, decimal_words, language, name_words, whole

# So many of those that are left out stand on the page; all are in the API.
MOST_SHOWN = 200
# With so many earlier plans one is compared by a press.
TO_COMPARE = 5


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list."""

    plan: Plan
    heading: str
    settings: str
    state: str
    is_there: bool
    is_proposed: bool
    is_under_way: bool


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An indicator today and if so many of the proposals are accepted."""

    name: str
    today: ShareWords
    cases: Sequence[tuple[str, ShareWords]]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the table shows it."""

    line: PlanLine
    commodity: str
    amount: str
    outcome: str
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """What a plan comes to, in three words."""

    served: Sequence[str]
    newly_linked: str
    gap: str


def amount_of(quantity: int, dimension: str) -> str:
    """Base units as people here say them: "3,5 tấn", "500 kg", "2.000 quả"; rounded."""
    if dimension == "count":
        return _("%(amount)s pieces") % {"amount": whole(quantity)}
    if dimension == "volume":
        return _("%(amount)s litres") % {"amount": _about(quantity, 1_000)}
    if quantity >= _TONNE:
        return _("%(amount)s tonnes") % {"amount": _about(quantity, _TONNE)}
    return _("%(amount)s kg") % {"amount": _about(quantity, 1_000)}


_TONNE = 1_000_000


def _about(quantity: int, size: int) -> str:
    return decimal_words(about(Decimal(quantity) / size))


def served_words(served: Mapping[str, int]) -> list[str]:
    """Of each measure what is served, where something is."""
    return [amount_of(much, measure) for measure, much in served.items() if much]


def gap_words(gap: Fraction | None) -> str:
    """How good a plan is for sure, rounded up: nothing is claimed that is not proved."""
    if gap is None:
        return _("How good it is could not be shown in the time that was given.")
    if not gap:
        return _("No plan is better: this is proved.")
    hundredths = -(-gap.numerator * FULL // gap.denominator)
    percent = decimal_words((Decimal(hundredths) / 100).normalize())
    return _("No plan is better by more than %(percent)s%%: this is proved.") % {"percent": percent}


def headline(seen: SeenPlan) -> Headline:
    return Headline(served_words(seen.served), whole(seen.newly_linked), gap_words(seen.gap))


def heading(plan: Plan) -> str:
    return _("Plan no. %(number)s") % {"number": whole(plan.pk)}


def settings_words(plan: Plan) -> str:
    """What was set, in one line."""
    goods = FULL - plan.links
    parts = [
        name_words(plan.commodity) if plan.commodity else _("All products"),
        _("goods %(goods)s%%, new links %(links)s%%")
        % {"goods": _percent(goods), "links": _percent(plan.links)},
    ]
    if plan.least_lot > 1:
        kg = decimal_words(Decimal(plan.least_lot) / 1_000)
        parts.append(_("deliveries from %(kg)s kg or litres") % {"kg": kg})
    if plan.buyer_share < FULL:
        parts.append(_("a buyer at most %(share)s%%") % {"share": _percent(plan.buyer_share)})
    return "; ".join(parts)


def _percent(parts: int) -> str:
    return decimal_words((Decimal(parts) / 100).normalize() + 0)


def rows(found: Iterable[Plan]) -> list[PlanRow]:
    """The list; one query for the jobs of all."""
    found = list(found)
    jobs = {job.pk: job for job in Job.objects.filter(pk__in=[plan.job_id for plan in found])}
    return [_row(plan, jobs.get(plan.job_id)) for plan in found]


def row_of(plan: Plan) -> PlanRow:
    """One plan as the list has it."""
    return rows([plan])[0]


def _row(plan: Plan, job: Job | None) -> PlanRow:
    is_there, proposed = plans.result_of(plan) is not None, hasattr(plan, "proposed")
    if proposed:
        state = _("Suggested to its sides")
    elif is_there:
        state = _("Ready")
    else:
        state = str(job.get_state_display()) if job else ""
    return PlanRow(
        plan=plan,
        heading=heading(plan),
        settings=settings_words(plan),
        state=state,
        is_there=is_there,
        is_proposed=proposed,
        is_under_way=not is_there and job is not None and job.state not in ENDED,
    )


def figures(seen: SeenPlan) -> list[FigureRow]:
    """Each indicator today, and with all, 70% or 40% of the proposals accepted."""
    found: dict[str, list[PlanFigure]] = {}
    for row in seen.figures:
        found.setdefault(row.indicator_code, []).append(row)
    names = {row.pk: name_words(row) for row in Indicator.objects.filter(pk__in=found)}
    return [_figure(names.get(code, code), rows) for code, rows in found.items()]


def _figure(name: str, rows: Sequence[PlanFigure]) -> FigureRow:
    first = rows[0]
    aim = target_for(first.indicator_code, first.plan.result.day)
    return FigureRow(
        name,
        ShareWords(first.numerator, first.denominator, aim),
        [
            (
                _("If %(share)s%% accept") % {"share": _percent(row.accepted)},
                ShareWords(row.numerator + row.gained, row.denominator, aim),
            )
            for row in rows
        ],
    )


def goods_rows(goods: Iterable[Goods]) -> list[tuple[str, str, str]]:
    """Each commodity with its lines and its amount."""
    return [(name_words(one.commodity), whole(one.lines), _goods_amount(one)) for one in goods]


def _goods_amount(one: Goods) -> str:
    return amount_of(one.quantity, one.commodity.dimension)


def line_rows(lines: Iterable[PlanLine]) -> list[LineRow]:
    return [_line_row(line) for line in lines]


def _line_row(line: PlanLine) -> LineRow:
    code = line.outcome.code if hasattr(line, "outcome") else ""
    return LineRow(
        line=line,
        commodity=name_words(line.commodity),
        amount=amount_of(line.quantity, line.commodity.dimension),
        outcome=str(PlanOutcome.Code(code).label) if code else "",
        is_proposed=code == PlanOutcome.Code.PROPOSED,
    )


def reasons(left_out: Iterable[PlanLeftOut]) -> list[tuple[Organisation, str, str]]:
    """Each co-op that is left out, the product of the pair that lacks least, and why."""
    return [
        (
            row.organisation,
            name_words(row.commodity) if row.commodity else "",
            plans.why_left_out(row, language()),
        )
        for row in left_out
    ]


def outcome_words(seen: SeenPlan) -> list[tuple[str, str]]:
    """What became of the lines, and of how many."""
    return [
        (str(PlanOutcome.Code(code).label), whole(count)) for code, count in seen.outcomes.items()
    ]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two plans that are compared: its headline, and what it has alone."""

    row: PlanRow
    headline: Headline
    lines: Sequence[LineRow]
    lines_count: int
    linked: Sequence[Organisation]
    linked_count: int


def sides(found: Comparison) -> list[Side]:
    both = ((found.first, found.only_first), (found.second, found.only_second))
    return [_side(seen, alone) for seen, alone in both]


def _side(seen: SeenPlan, alone: Differing) -> Side:
    return Side(
        row_of(seen.plan),
        headline(seen),
        line_rows(alone.lines),
        alone.lines_count,
        alone.linked,
        alone.linked_count,
    )
