"""Texts of Django, allauth and axes that our pages show and that they have no Vietnamese for.

Listed here so that collecting messages keeps them in our catalogue.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

BORROWED = (
    pgettext_lazy("field label", "Login"),
    _("Username or email"),
    _("Username"),
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Remember Me"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("The username and/or password you specified are not correct."),
    _("Invalid login."),
    _("This account is currently inactive."),
    _("Password (again)"),
    _("The password reset token was invalid."),
    _("The new value must be different from the current one."),
    _("Be patient, you are sending too many requests."),
    _("The email address and/or password you specified are not correct."),
    _("Null characters are not allowed."),
    _("Too many failed login attempts. Try again later."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Incorrect password."),
    _("Password successfully changed."),
    _("Successfully signed in as %(name)s."),
    _("You have signed out."),
    _("Password Reset"),
    _("Forgot your password?"),
)
