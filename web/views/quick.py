from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkage.market import quick, services
from linkage.market.models import AnyPost, PostKind
from linkage.market.quickpost import Reading
from linkage.market.tree import Tree
from linkage.registry.access import require_acting
from linkage.registry.models import Deed
from web import postboards, quickwords
from web.door import ActorRequest, acting_page
from web.forms.carrying import carried_out
from web.forms.quick import TextForm
from web.postwords import DONE, WORDS
from web.quickdesk import Desk, Waiting, waiting_of
from web.quicksheet import Own, Sheet, filled, lines, sent


@acting_page(methods=("GET", "POST"))
def quick_post(request: ActorRequest, organisation_id: int) -> HttpResponse:
    require_acting(request.actor, organisation_id, Deed.POSTS)
    desk = Desk(request.session, organisation_id)
    if _left_out(request, desk):
        return redirect("web:quick", organisation_id)
    waiting = _waiting(request, desk)
    form = _text_form(request, waiting)
    readings = _readings(request, organisation_id, form, waiting)
    products = waiting_of(readings)
    if waiting is None and len(products) > 1 and _is_sent(request):
        desk.add(products)
        return redirect("web:quick", organisation_id)
    sheet = None
    if len(products) == 1 or (waiting is not None and products):
        sheet = _sheet(request, organisation_id, readings[0], waiting.number if waiting else 0)
        if made := _published(request, organisation_id, sheet):
            return _done(request, organisation_id, desk, waiting, made)
    words = {**_words(organisation_id, form, readings), **_waiting_words(desk, waiting)}
    if sheet is not None:
        words |= _sheet_words(request, organisation_id, sheet)
    template = "quick_read" if request.htmx else "quick"
    return render(request, f"web/mine/{template}.html", words)


def _waiting(request: ActorRequest, desk: Desk) -> Waiting | None:
    """What of a pasted text is looked at; the first, unless the address says another or none."""
    if request.method == "POST":
        return desk.find(request.POST.get("item", ""))
    item = request.GET.get("item")
    return None if item == "" else desk.find(item or "") or desk.first()


def _left_out(request: ActorRequest, desk: Desk) -> bool:
    """Whether what waits, or one of it, was sent away."""
    if "drop" in request.POST:
        desk.keep([])
    elif "skip" in request.POST:
        desk.take(request.POST["skip"])
    else:
        return False
    return True


def _is_sent(request: ActorRequest) -> bool:
    """Whether the person sent the form, which the page does by itself as one types."""
    return request.method == "POST" and not request.htmx


def _text_form(request: ActorRequest, waiting: Waiting | None) -> TextForm:
    if request.method == "POST":
        return TextForm(request.POST)
    return TextForm(initial={"text": waiting.text if waiting else ""})


def _readings(
    request: ActorRequest, organisation_id: int, form: TextForm, waiting: Waiting | None
) -> list[Reading]:
    """What the text says; nothing for one that cannot be, which the form says then."""

    def read(text: str) -> list[Reading]:
        return quick.read_for(
            actor=request.actor, organisation_id=organisation_id, text=text, on=request.today,
            as_one=waiting is not None,
        )  # fmt: skip

    if not form.is_bound:
        return read(waiting.text) if waiting else []
    return carried_out(form, lambda: read(form.cleaned_data["text"])) or []


def _sheet(request: ActorRequest, organisation_id: int, reading: Reading, number: int) -> Sheet:
    own = Own.of(organisation_id, request.today)
    if _is_sure(request):
        return sent(own, reading, number, request.POST)
    return filled(own, reading, number, request.POST if request.method == "POST" else None)


def _is_sure(request: ActorRequest) -> bool:
    """Whether what is sent was read back to the person as it stands: only then it is published."""
    said = request.POST
    text, shown = (lines(said.get(name, "")).strip() for name in ("text", "read"))
    same_side = said.get("shown_kind", "") in ("", said.get("side"))
    return _is_sent(request) and text == shown and same_side and "pass" not in said


def _published(request: ActorRequest, organisation_id: int, sheet: Sheet) -> AnyPost | None:
    form = sheet.form
    if not form.is_bound:
        return None

    def act() -> AnyPost:
        said = form.cleaned_data
        meant = Tree.load(words=True).meant(said["commodity"], said["chosen"])
        terms = form.terms(meant)
        if said["keeps_text"] and not said["note"]:
            terms["note"] = sheet.note
        return services.post_quickly(
            actor=request.actor, kind=PostKind(said["side"]), organisation_id=organisation_id,
            terms=terms, limit=form.limit(), message=sheet.reading.text,
            number=sheet.number, now=request.now,
        )  # fmt: skip

    return carried_out(form, act)


def _done(
    request: ActorRequest, organisation_id: int, desk: Desk, waiting: Waiting | None, made: AnyPost
) -> HttpResponse:
    messages.success(request, str(DONE["publish"]))
    if waiting is not None:
        desk.take(waiting.key)
        if desk.first():
            return redirect("web:quick", organisation_id)
    kind = postboards.kind_of(made)
    return redirect(f"web:{kind.value}", organisation_id, made.pk)


def _words(organisation_id: int, form: TextForm, readings: list[Reading]) -> dict[str, Any]:
    frame = postboards.frame(organisation_id, PostKind.OFFER)
    return {
        "frame": frame,
        "organisation": frame.organisation,
        "text_form": form,
        "read": lines(form["text"].value() or "").strip(),
        "heard": [quickwords.heard(reading) for reading in readings],
        "count": len(waiting_of(readings)),
    }


def _waiting_words(desk: Desk, waiting: Waiting | None) -> dict[str, Any]:
    item = waiting.key if waiting else ""
    others = [one for one in desk.items() if one.key != item]
    return {"item": item, "others": others, "left": len(others) + 1}


def _sheet_words(request: ActorRequest, organisation_id: int, sheet: Sheet) -> dict[str, Any]:
    form, asked = sheet.form, sheet.questions
    is_typing = bool(request.htmx) and request.htmx.trigger == "id_text"
    if asked and not asked[0].can_wait and not is_typing:
        # Who answered one question goes on with the next; who types goes on typing.
        form.fields[asked[0].row].widget.attrs["autofocus"] = True
    chosen = form["chosen"].value() or ""
    passed = [*request.POST.getlist("passed"), *request.POST.getlist("pass")]
    return {
        "sheet": sheet,
        "form": form,
        "shown_kind": form["side"].value() or "",
        "asked": asked[0] if asked else None,
        "later": [quickwords.named(question) for question in asked[1:]],
        "rows": (rows := quickwords.rows(form, asked)),
        "more": [field for field in form.more_fields() if field.name not in rows],
        "price_words": WORDS[form.kind].limit,
        "passed": [name for name in passed if name in quickwords.QUESTIONS],
        "picks": postboards.picks(organisation_id, form.kind, chosen),
        "chosen": chosen,
    }
