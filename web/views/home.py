from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linkage.coverage.queries import freshness
from web import boards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    board = boards.public_board(timezone.localdate(now))
    words = {"board": board, "overdue": boards.overdue_words(freshness(now))}
    return render(request, "web/home/home.html", words)
