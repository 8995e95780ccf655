"""Addresses of those who follow trainings, before Wagtail's own."""

from __future__ import annotations

from django.urls import path

from .views import attestations, figures, following, inviting, own

urlpatterns = [
    path("formations/<slug:slug>/modules/<slug:key>/", following.module, name="module"),
    path("formations/<slug:slug>/attestation/", attestations.issue, name="attestation-issue"),
    path("formations/<slug:slug>/chiffres/", figures.training, name="training-figures"),
    path("mes-formations/", own.mine, name="my-trainings"),
    path("mes-formations/garder/", own.mail, name="progress-mail"),
    path("mes-formations/effacer/", own.erase, name="progress-erase"),
    path("mes-formations/reprendre/<str:word>/", own.resume, name="progress-resume"),
    path("attestations/", attestations.check, name="attestation-check"),
    path("attestations/retirer/", attestations.withdrawal, name="attestation-withdraw"),
    path("invitations/", inviting.mine, name="invitations"),
    path("invitations/<int:pk>/", inviting.followers, name="invitation-followers"),
    path("invitations/<uuid:token>/", inviting.invitation, name="invitation"),
    path("mes-formations/invitations/<uuid:pk>/retirer/", inviting.withdraw, name="acceptance-withdraw"),
]
