"""allauth's account views that Vivier offers, mounted one by one: no sign-up, no e-mail management."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access

from .views import OwnAccount

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("connexion/compte-ferme/", views.account_inactive, name="account_inactive"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("mot-de-passe/changer/", views.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", views.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/nouveau/fait/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # Wagtail's own doors to the admin stay open whatever its settings say: these stand before them.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/account/", require_admin_access(OwnAccount.as_view()), name="own_account"),
    re_path(r"^admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
]
