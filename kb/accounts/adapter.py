"""allauth's settings that are code: who may open an account, and the words and addresses of what it sends."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from kb.core.mail import deliver


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by invitation: there is no sign-up page."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Cette adresse et ce mot de passe ne vont pas ensemble : vérifiez les deux.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel : saisissez-le de nouveau.",
        "too_many_login_attempts": (
            "Trop d’essais pour ce compte. Attendez cinq minutes, ou choisissez un nouveau mot de passe avec "
            "« Mot de passe oublié »."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Left to the background task: a dead mail server would tell by an error, and a slow one by the time that the
        answer takes, which addresses have an account."""
        request = allauth_context.request
        known = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        message = self.render_mail(template_prefix, email, known)
        html = next((str(content) for content, _ in getattr(message, "alternatives", [])), "")
        deliver.enqueue(message.subject, message.body, html, email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The site's own address, never the Host header of whoever asked for the mail."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.WAGTAILADMIN_BASE_URL + path.replace("UID-KEY", key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")
