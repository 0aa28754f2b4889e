"""Job, Outbox, Event, its Seal and Heartbeat: the rows that background work is made of."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """A long piece of work: what is asked, how far it is, who holds it, how it ended.

    Nobody but `linkage.jobs` writes here: `leases` moves the state, `services` makes the row.
    """

    class State(models.TextChoices):
        # Nobody works on it; it starts when `due_at` has come.
        WAITING = "waiting", _("Waiting")
        # A worker holds the lease named by `lease_token`.
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        # The domain refused, and would refuse again.
        FAILED = "failed", _("Failed")
        # Three attempts broke off; a person decides whether to try again.
        PARKED = "parked", _("Parked after three attempts")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    # What a scheduled run is for, such as a day: one run for each kind and period. NULL: asked
    # for by hand, as often as wanted.
    period = models.CharField(max_length=40, null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.TextField(blank=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # When a worker was last told of it; older than a while, it is told again.
    hinted_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=Q(period__isnull=False),
                name="job_runs_once_a_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "running", "done", "failed", "parked", "cancelled"]
                ),
                name="job_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="running",
                    lease_token__isnull=False,
                    lease_until__isnull=False,
                    started_at__isnull=False,
                )
                | (~Q(state="running") & Q(lease_token=None, lease_until=None)),
                name="job_holds_a_lease_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at=None)
                | (~Q(state__in=["waiting", "running"]) & Q(finished_at__isnull=False)),
                name="job_has_an_end_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(progress_done__lte=F("progress_total")),
                name="job_progress_is_within_its_total",
            ),
        ]
        indexes = [
            # leases.sweep looks for work that waits too long or lost its worker; queries.under_way,
            # for what works on a subject now.
            models.Index(
                fields=["state", "due_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Outbox(models.Model):
    """A fact that others still have to act on, written in the transaction that caused it.

    `sequence` orders the messages of a topic: a consumer that has seen a later one may ignore
    an earlier one. Pending with `lease_until` in the future: a worker is delivering it; with
    `due_at` in the future: an attempt broke off, and the next one waits.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Delivered")
        # As many attempts broke off as `outbox` makes; a person decides whether to try again.
        PARKED = "parked", _("Parked, not delivered")

    topic = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    sequence = models.BigIntegerField(default=0)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error_text = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "dedupe_key"], name="outbox_keeps_a_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "done", "parked"]),
                name="outbox_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", finished_at=None)
                | (~Q(state="pending") & Q(finished_at__isnull=False)),
                name="outbox_has_an_end_when_it_ended",
            ),
        ]
        indexes = [
            # outbox.deliver_due reads what is pending, in order.
            models.Index(
                fields=["sequence", "id"], condition=Q(state="pending"), name="outbox_pending"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.dedupe_key}"


class Event(models.Model):
    """Something that happened to a subject. Rows are only added: triggers refuse the rest."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            # queries.events_of reads a subject's history.
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
            # audit_log.log of a day, and of one account.
            models.Index(fields=["at"], name="event_by_time"),
            models.Index(fields=["actor_id", "id"], name="event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}: {self.kind}"


class Seal(models.Model):
    """An event's place in the one chain of all events: each seal holds the hash of the one before.

    The database writes it in the event's own transaction, and nothing else does; see `chain`.
    Rows are only added, as events are.
    """

    # From 1, without gaps, in the order of commits.
    seq = models.BigIntegerField(primary_key=True)
    # No key in the database: it would be one more lock at each commit, and `chain` looks anyway.
    event = models.OneToOneField(
        Event, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal"
    )
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class Heartbeat(models.Model):
    """When a worker was last known to work: readiness and "the job waits" are read from here."""

    worker = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class IdempotentAnswer(models.Model):
    """The answer to a request that creates something, so that asking again creates nothing.

    Scoped to the asking account and the route. Status 0: the first request is still at work.
    """

    user_id = models.BigIntegerField()
    route = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "route", "key"], name="idempotency_key_is_used_once"
            )
        ]
        indexes = [
            # services.forget_answers deletes what is older than a day.
            models.Index(fields=["created_at"], name="idempotent_answer_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
