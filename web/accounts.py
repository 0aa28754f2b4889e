"""Signing in and up by allauth: what is ours of it."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from linkage.registry.models import Role
from web.door import current_actor


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the form at accounts/signup/ and by administrators, nowhere else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """An office begins with the figures, a field officer with whom to ring, everybody else with
        the own organisation."""
        actor = current_actor(request)
        if actor and actor.roles == {Role.FIELD_OFFICER}:
            return reverse("web:calls")
        return reverse("web:dashboard" if actor and actor.roles else "web:mine")
