"""What the database refuses, in words: every constraint of the house with its sentence.

A constraint's name is its error code. One function turns the database's refusal into a domain
error; both databases end in the same code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, DomainError

_UNKNOWN_VALUE = _("This value is not one of the known ones.")
_ENDS_BEFORE = _("The end lies before the start.")
_SAME_DAY = _("There is already a value of that day.")
_KEPT_ONCE = _("This is already there.")
_INNER_STATE = _("The state of this work does not fit its data.")

WORDS: dict[str, str | Promise] = {
    # jobs
    "job_runs_once_a_period": _("This work was already done for the period."),
    "job_state_is_known": _UNKNOWN_VALUE,
    "job_holds_a_lease_while_it_runs": _INNER_STATE,
    "job_has_an_end_when_it_ended": _INNER_STATE,
    "job_progress_is_within_its_total": _INNER_STATE,
    "outbox_keeps_a_message_once": _KEPT_ONCE,
    "outbox_state_is_known": _UNKNOWN_VALUE,
    "outbox_has_an_end_when_it_ended": _INNER_STATE,
    "idempotency_key_is_used_once": _KEPT_ONCE,
    # catalogue
    "commodity_dimension_is_known": _UNKNOWN_VALUE,
    "unit_dimension_is_known": _UNKNOWN_VALUE,
    "commodity_level_from_1_to_4": _("A commodity's level is 1 to 4."),
    "commodity_has_a_parent_unless_at_the_top": _("Only a commodity of level 1 has no parent."),
    "unit_is_sized_or_has_base_units": _("A unit has either base units or a size of its own."),
    "linkage_form_from_1_to_7": _("The forms of linkage are numbered 1 to 7."),
    "transformation_is_listed_once": _KEPT_ONCE,
    "transformation_ends_differ": _("A commodity does not become itself."),
    "transformation_yield_is_above_0_and_at_most_1": _("A yield is above 0 and at most 1."),
    "transformation_stage_is_known": _UNKNOWN_VALUE,
    "harvest_months_are_of_the_year": _("Months are 1 to 12, and at least one."),
    "ocop_product_has_3_to_5_stars": _("An OCOP product has 3 to 5 stars."),
    "ocop_product_is_listed_once_a_year": _KEPT_ONCE,
    "ocop_product_is_listed_once_without_a_year": _KEPT_ONCE,
    # registry
    "organisation_origin_is_known": _UNKNOWN_VALUE,
    "former_commune_part_is_known": _UNKNOWN_VALUE,
    "earlier_place_kind_is_known": _UNKNOWN_VALUE,
    "account_email_is_used_once": _("There is already an account with this e-mail address."),
    "role_grant_does_not_end_before_it_starts": _ENDS_BEFORE,
    "role_grant_role_is_known": _UNKNOWN_VALUE,
    "role_grant_periods_do_not_overlap": _("This person already has the role in that period."),
    "organisation_tax_code_is_used_once": _("Another organisation has this tax code."),
    "organisation_tax_code_is_10_10_3_or_12_digits": _("The tax code is not valid."),
    "organisation_is_not_merged_into_itself": _("An organisation cannot be merged into itself."),
    "registry_event_kind_is_known": _UNKNOWN_VALUE,
    "registry_event_names_the_other_one": _("A split and a merger name the other organisation."),
    "registry_event_is_not_with_itself": _("An organisation cannot be merged into itself."),
    "registry_event_is_one_of_its_kind_a_day": _SAME_DAY,
    "organisation_has_a_name": _("An organisation needs a name."),
    "organisation_has_one_representative": _("There is already a representative."),
    "organisation_has_one_main_product": _("There is already a main product."),
    "certificate_does_not_end_before_it_starts": _ENDS_BEFORE,
    "certificate_periods_do_not_overlap": _("This certificate is already held in that period."),
    "former_commune_went_into_a_commune_once": _KEPT_ONCE,
    "organisation_has_one_status_a_day": _SAME_DAY,
    "organisation_has_one_undated_status_of_each_kind": _SAME_DAY,
    "status_fact_status_is_known": _UNKNOWN_VALUE,
    "organisation_has_one_kind_a_day": _SAME_DAY,
    "organisation_has_one_undated_kind": _SAME_DAY,
    "kind_fact_kind_is_known": _UNKNOWN_VALUE,
    "organisation_has_one_sector_a_day": _SAME_DAY,
    "organisation_has_one_undated_sector": _SAME_DAY,
    "organisation_has_one_commune_a_day": _SAME_DAY,
    "organisation_has_one_undated_commune": _SAME_DAY,
    "membership_is_open_once": _("This person acts for the organisation already."),
    "membership_does_not_end_before_it_starts": _ENDS_BEFORE,
    "membership_role_is_known": _UNKNOWN_VALUE,
    "api_token_is_for_one_organisation_or_office": _("A key is for one organisation or office."),
    "api_token_role_is_known": _UNKNOWN_VALUE,
    "api_token_is_not_revoked_before_it_is_made": _ENDS_BEFORE,
    "access_code_role_is_known": _UNKNOWN_VALUE,
    "access_code_way_is_known": _UNKNOWN_VALUE,
    "access_code_does_not_end_before_it_starts": _ENDS_BEFORE,
    "access_code_is_used_or_cancelled": _("This code was used or cancelled."),
    "code_tries_are_counted_once": _KEPT_ONCE,
    "join_request_is_open_once": _("You asked for this organisation already."),
    "join_request_state_is_known": _UNKNOWN_VALUE,
    "join_request_has_an_end_when_it_ended": _INNER_STATE,
    "join_request_names_an_organisation": _("A request names an organisation."),
    "officer_consent_does_not_end_before_it_starts": _ENDS_BEFORE,
    "officer_consent_way_is_known": _UNKNOWN_VALUE,
    "officer_consent_names_who_gave_it": _("A consent names who of the organisation gave it."),
    "consent_scan_is_attached_once": _("This file stands beside the consent already."),
    "consent_scan_has_a_place_of_its_own": _INNER_STATE,
    "consent_scan_is_not_empty": _("The file is empty."),
    "consent_scan_is_a_scan": _(
        "Only PDF, JPEG and PNG files are taken; this file is none of them."
    ),
    "officer_act_is_noted_once": _KEPT_ONCE,
    "call_outcome_is_known": _UNKNOWN_VALUE,
    # notices
    "notice_is_told_once": _KEPT_ONCE,
    "notice_kind_is_known": _UNKNOWN_VALUE,
    "message_choice_is_made_once": _KEPT_ONCE,
    "message_choice_kind_is_known": _UNKNOWN_VALUE,
    # market
    **{
        f"{post}_{rule}": words
        for post in ("offer", "need")
        for rule, words in (
            ("quantity_is_positive", _("A quantity is more than zero.")),
            ("reserves_no_more_than_it_has", _("Less is left than this would take.")),
            ("window_not_inverted", _ENDS_BEFORE),
            ("state_is_known", _UNKNOWN_VALUE),
            ("period_is_known", _UNKNOWN_VALUE),
            ("handover_is_known", _UNKNOWN_VALUE),
            ("distance_is_within_bounds", _("A distance is from 1 to 2,000 km.")),
            ("beyond_draft_was_published", _INNER_STATE),
        )
    },
    "offer_floor_is_positive": _("A price is more than zero."),
    "need_ceiling_is_positive": _("A price is more than zero."),
    "quick_correction_field_is_known": _UNKNOWN_VALUE,
    # agreements
    "linkage_is_open_once_for_a_pair": _("There is an open linkage of these two posts already."),
    "linkage_of_the_platform_has_its_posts": _INNER_STATE,
    "linkage_agreed_here_has_its_terms": _INNER_STATE,
    "linkage_that_waits_for_its_pool_has_one": _INNER_STATE,
    "pool_price_is_positive": _("A price is more than zero."),
    "pool_state_is_known": _UNKNOWN_VALUE,
    "pool_has_an_end_when_it_ended": _INNER_STATE,
    "pool_waits_once_for_a_need": _("A pool for this need is waiting for its answers already."),
    "terms_have_one_number": _("Somebody proposed other terms in the meantime."),
    "terms_quantity_is_positive": _("A quantity is more than zero."),
    "terms_price_is_positive": _("A price is more than zero."),
    "terms_do_not_end_before_they_start": _ENDS_BEFORE,
    "terms_are_of_a_party": _UNKNOWN_VALUE,
    "terms_handover_is_known": _UNKNOWN_VALUE,
    "consent_is_given_once": _("This side has agreed already."),
    "consent_is_of_a_party": _UNKNOWN_VALUE,
    "message_says_something": _("A message needs words."),
    "message_is_of_a_party": _UNKNOWN_VALUE,
    "reservation_is_not_negative": _("Less is left than this would take."),
    "reservation_has_an_end_when_it_ended": _INNER_STATE,
    "delivery_quantity_is_positive": _("A quantity is more than zero."),
    "delivery_state_is_known": _UNKNOWN_VALUE,
    "delivery_is_of_a_party": _UNKNOWN_VALUE,
    "delivery_has_an_answer_when_it_was_answered": _INNER_STATE,
    "evidence_is_attached_once": _("This file is attached to the linkage already."),
    "evidence_is_not_empty": _("The file is empty."),
    "evidence_has_a_place_of_its_own": _INNER_STATE,
    "source_is_attached_once": _("This file is attached to the value already."),
    "source_is_not_empty": _("The file is empty."),
    "source_has_a_place_of_its_own": _INNER_STATE,
    "source_is_a_scan": _("Only PDF, JPEG and PNG files are taken; this file is none of them."),
    "evidence_side_is_known": _UNKNOWN_VALUE,
    "evidence_is_a_scan": _("Only PDF, JPEG and PNG files are taken; this file is none of them."),
    "review_verdict_is_known": _UNKNOWN_VALUE,
    "review_that_refuses_has_a_reason": _("A reason is needed."),
    "linkage_parties_are_two": _("Both sides are one organisation."),
    "linkage_does_not_end_before_it_starts": _ENDS_BEFORE,
    "linkage_quantity_is_positive": _("A quantity is more than zero."),
    "linkage_state_is_known": _UNKNOWN_VALUE,
    "linkage_origin_is_known": _UNKNOWN_VALUE,
    "linkage_opener_is_known": _UNKNOWN_VALUE,
    "linkage_terminated_has_its_day": _("A terminated linkage needs the day of its termination."),
    "linkage_verified_is_in_a_counting_state": _("Only an agreed linkage can be verified."),
    "linkage_of_the_register_is_known_once": _("This contract is already in the register."),
    "linkage_on_paper_is_declared_once": _("This contract was declared already."),
    # coverage
    "programme_does_not_end_before_it_starts": _ENDS_BEFORE,
    "target_is_set_once_a_day": _("There is already a target from that day."),
    "target_denominators_are_positive": _("A share's denominator is more than zero."),
    "target_upper_bound_is_whole_or_absent": _("The upper bound needs both its numbers."),
    "snapshot_holds_an_organisation_once": _KEPT_ONCE,
    "snapshot_holds_a_linkage_once": _KEPT_ONCE,
    "snapshot_values_an_indicator_once": _KEPT_ONCE,
    "snapshot_numerator_is_within_its_denominator": _("A part is larger than its whole."),
    "manual_value_has_one_row_a_version": _("Somebody corrected this value in the meantime."),
    "manual_value_is_corrected_with_a_reason": _("A correction says why."),
    "manual_value_is_a_count_or_a_part_of_a_whole": _("A part is larger than its whole."),
    "manual_value_has_a_source": _("A value says where it comes from."),
    "target_official_basis_is_known": _UNKNOWN_VALUE,
    "target_comparison_is_known": _UNKNOWN_VALUE,
    "indicator_way_is_known": _UNKNOWN_VALUE,
    "indicator_measure_is_known": _UNKNOWN_VALUE,
    "snapshot_value_evidence_is_known": _UNKNOWN_VALUE,
    "snapshot_report_basis_is_known": _UNKNOWN_VALUE,
    "snapshot_reported_basis_is_known": _UNKNOWN_VALUE,
    "year_return_is_one_a_year": _("There is already a return of that year."),
    "year_return_state_is_known": _UNKNOWN_VALUE,
    "year_return_rating_is_known": _UNKNOWN_VALUE,
    "year_return_is_sent_back_with_a_reason": _("A correction says why."),
    "year_return_insured_is_within_its_whole": _("A part is larger than its whole."),
    "year_return_staff_trained_is_within_its_whole": _("A part is larger than its whole."),
    "year_return_key_trained_is_within_its_whole": _("A part is larger than its whole."),
    "year_return_key_degree_is_within_its_whole": _("A part is larger than its whole."),
    "year_return_money_is_not_negative": _("Only a profit can be below zero."),
    "snapshot_holds_a_report_once": _KEPT_ONCE,
    "snapshot_reports_an_indicator_once": _KEPT_ONCE,
    "snapshot_reported_numerator_is_within_its_denominator": _("A part is larger than its whole."),
    # suggestions
    "suggestion_is_made_once": _KEPT_ONCE,
    "suggestion_score_is_a_share": _("A score lies between 0 and 10,000."),
    "suggestion_view_is_known": _UNKNOWN_VALUE,
    "suggestion_reason_is_known": _UNKNOWN_VALUE,
    "suggestion_has_a_reason_only_if_dismissed": _INNER_STATE,
    "suggestion_is_stale_if_it_is_nobodys_best": _INNER_STATE,
    "plan_settings_are_within_bounds": _("A setting of the plan is out of its bounds."),
    "plan_bound_way_is_known": _UNKNOWN_VALUE,
    "plan_has_a_pair_once": _KEPT_ONCE,
    "plan_line_quantity_is_positive": _("A quantity is above zero."),
    "plan_line_has_two_sides": _("The two sides are one organisation."),
    "plan_leaves_a_co_op_out_once": _KEPT_ONCE,
    "plan_reason_names_its_pair": _INNER_STATE,
    "plan_shortage_is_positive": _("A quantity is above zero."),
    "plan_has_a_figure_once": _KEPT_ONCE,
    "plan_figure_is_within_its_denominator": _("A part is larger than its whole."),
    "plan_acceptance_is_a_share": _INNER_STATE,
    "plan_outcome_is_known": _UNKNOWN_VALUE,
    "fairness_is_reported_once_a_day": _KEPT_ONCE,
    "fairness_preference_is_a_share": _("A weight lies between 0 and 10,000."),
    "fairness_part_is_within_its_whole": _("A part is larger than its whole."),
    "fairness_counts_a_co_op_once": _KEPT_ONCE,
    "introduction_is_made_once": _KEPT_ONCE,
    "lane_is_there_once": _KEPT_ONCE,
    "pool_suggestion_why_is_known": _UNKNOWN_VALUE,
    "pool_suggestion_closes_only_what_is_open": _INNER_STATE,
    "pool_part_is_of_another_offer": _KEPT_ONCE,
    "pool_part_quantity_is_positive": _("A quantity is more than zero."),
    # intake
    "import_row_is_kept_once_a_batch": _KEPT_ONCE,
    "import_change_has_one_place_in_its_batch": _KEPT_ONCE,
    "register_key_means_one_thing": _KEPT_ONCE,
    "register_key_means_what_its_kind_says": _("A key of the register belongs to another kind."),
    "import_state_is_known": _UNKNOWN_VALUE,
    "pair_verdict_is_known": _UNKNOWN_VALUE,
    "pair_is_decided_once": _("This pair was already decided."),
}

# What somebody typed that a constraint is about; of the others no form has one field.
_FIELDS: Mapping[str, str] = {
    "account_email_is_used_once": "email",
    "organisation_tax_code_is_used_once": "tax_code",
    "certificate_does_not_end_before_it_starts": "ends",
    "certificate_periods_do_not_overlap": "starts",
    "linkage_does_not_end_before_it_starts": "ends",
    "officer_consent_does_not_end_before_it_starts": "until",
    "linkage_on_paper_is_declared_once": "contract_number",
}

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?P<columns>[\w., ]+)")
_QUOTED = re.compile(r"constraint \"(?P<name>\w+)\"")
_WORD = re.compile(r"\w+")


class Refused(Conflict):
    """The database refused a row for a reason that has no sentence of its own."""

    code = "refused_by_the_database"
    words = _("This does not fit what is already there.")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the database refuses inside into domain errors.

    Stand outside the transaction: after a refusal PostgreSQL takes no more statements in it.
    """
    try:
        yield
    except IntegrityError as error:
        raise as_domain_error(error) from error


def as_domain_error(error: IntegrityError) -> DomainError:
    """Return the domain error of the constraint that was broken, its name as the code."""
    name = broken_constraint(str(error))
    return _error_class(name)() if name else Refused()


def broken_constraint(message: str) -> str | None:
    """Return the name of the constraint that the database's message speaks of, if it has words."""
    unique = _SQLITE_UNIQUE.search(message)
    if unique:
        return _unique_on(tuple(part.strip() for part in unique["columns"].split(",")))
    # Triggers and CHECKs name the rule itself, PostgreSQL in quotes with a detail behind it.
    quoted = _QUOTED.search(message)
    words = [quoted["name"]] if quoted else _WORD.findall(message)
    return next((word for word in words if word in WORDS), None)


@cache
def _unique_on(columns: tuple[str, ...]) -> str | None:
    """SQLite names the columns of a unique index, as table.column, and never the index."""
    for model in apps.get_models():
        table = model._meta.db_table
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                fields = [model._meta.get_field(name) for name in constraint.fields]
                named = tuple(f"{table}.{getattr(field, 'column', '')}" for field in fields)
                if named == columns:
                    return constraint.name
    return None


@cache
def _error_class(name: str) -> type[DomainError]:
    about = {"code": name, "words": WORDS[name], "field": _FIELDS.get(name, "")}
    return type(name, (Conflict,), {"__doc__": name, **about})
