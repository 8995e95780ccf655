"""Who may read what, at every address outside /admin/: the whole of it, written down by hand.

Nothing of the project is imported, so that a mistake in its rules cannot make the table agree with it. A grid has a
line a reader and a column a state of an item of the first pôle, written by « author »:

    draft · in review · published for the pôle · published for members · published for everybody

A cell is the status of the answer, then + when it shows the item or where it lies, - when it shows nothing of it.

`TABLE`: URL name → the addresses to ask for and the grid of each. `{item}` is the item's public address, `{id}` its
number, `{pupil}` and `{teacher}` its two files, `{module}` a training's first module (of the others: the item).
`KINDS`: the kinds that an address shows, where it does not show all.
"""

from __future__ import annotations

READERS = (
    "anonymous",
    "teacher",
    "tutor",
    "facilitator",
    "other_facilitator",
    "coordination",
    "author",
    "administrator",
)
STATES = ("draft", "in_review", "pole", "members", "public")

#: Lists and search: what is published, for its readers.
PUBLISHED = {
    "anonymous": "200- 200- 200- 200- 200+",
    "teacher": "200- 200- 200+ 200+ 200+",
    "tutor": "200- 200- 200- 200- 200+",
    "facilitator": "200- 200- 200+ 200+ 200+",
    "other_facilitator": "200- 200- 200- 200+ 200+",
    "coordination": "200- 200- 200+ 200+ 200+",
    "author": "200- 200- 200+ 200+ 200+",
    "administrator": "200- 200- 200+ 200+ 200+",
}

#: What machines read is the same for everybody: what is public.
PUBLIC = {
    "anonymous": "200- 200- 200- 200- 200+",
    "teacher": "200- 200- 200- 200- 200+",
    "tutor": "200- 200- 200- 200- 200+",
    "facilitator": "200- 200- 200- 200- 200+",
    "other_facilitator": "200- 200- 200- 200- 200+",
    "coordination": "200- 200- 200- 200- 200+",
    "author": "200- 200- 200- 200- 200+",
    "administrator": "200- 200- 200- 200- 200+",
}

#: An item's own address.
PAGE = {
    "anonymous": "404- 404- 404- 404- 200+",
    "teacher": "404- 404- 200+ 200+ 200+",
    "tutor": "404- 404- 404- 404- 200+",
    "facilitator": "404- 404- 200+ 200+ 200+",
    "other_facilitator": "404- 404- 404- 200+ 200+",
    "coordination": "404- 404- 200+ 200+ 200+",
    "author": "404- 404- 200+ 200+ 200+",
    "administrator": "404- 404- 200+ 200+ 200+",
}

#: The address of drafts; where nothing waits it sends the readers of the published version there.
DRAFT = {
    "anonymous": "404- 404- 404- 404- 302+",
    "teacher": "404- 404- 302+ 302+ 302+",
    "tutor": "404- 404- 404- 404- 302+",
    "facilitator": "404- 200+ 302+ 302+ 302+",
    "other_facilitator": "404- 404- 404- 302+ 302+",
    "coordination": "200+ 200+ 302+ 302+ 302+",
    "author": "200+ 200+ 302+ 302+ 302+",
    "administrator": "200+ 200+ 302+ 302+ 302+",
}

PUPIL_FILE = {
    "anonymous": "404- 404- 404- 404- 200+",
    "teacher": "404- 404- 200+ 200+ 200+",
    "tutor": "404- 404- 404- 404- 200+",
    "facilitator": "404- 200+ 200+ 200+ 200+",
    "other_facilitator": "404- 404- 404- 200+ 200+",
    "coordination": "200+ 200+ 200+ 200+ 200+",
    "author": "200+ 200+ 200+ 200+ 200+",
    "administrator": "200+ 200+ 200+ 200+ 200+",
}

#: For members, whatever the visibility of its item.
TEACHER_FILE = {
    "anonymous": "404- 404- 404- 404- 404-",
    "teacher": "404- 404- 200+ 200+ 200+",
    "tutor": "404- 404- 404- 404- 404-",
    "facilitator": "404- 200+ 200+ 200+ 200+",
    "other_facilitator": "404- 404- 404- 200+ 200+",
    "coordination": "200+ 200+ 200+ 200+ 200+",
    "author": "200+ 200+ 200+ 200+ 200+",
    "administrator": "200+ 200+ 200+ 200+ 200+",
}

#: What the reader wrote and is not published.
MINE = {
    "anonymous": "200- 200- 200- 200- 200-",
    "teacher": "200- 200- 200- 200- 200-",
    "tutor": "200- 200- 200- 200- 200-",
    "facilitator": "200- 200- 200- 200- 200-",
    "other_facilitator": "200- 200- 200- 200- 200-",
    "coordination": "200- 200- 200- 200- 200-",
    "author": "200+ 200+ 200- 200- 200-",
    "administrator": "200- 200- 200- 200- 200-",
}

#: Pages that show no item, by what they answer to a stranger and to who is signed in.
FOR_ALL = dict.fromkeys(READERS, "200- 200- 200- 200- 200-")
NOT_FOUND = dict.fromkeys(READERS, "404- 404- 404- 404- 404-")
REFUSED = dict.fromkeys(READERS, "400- 400- 400- 400- 400-")
ELSEWHERE = dict.fromkeys(READERS, "302- 302- 302- 302- 302-")
TO_SIGN_IN = {**ELSEWHERE, "anonymous": "200- 200- 200- 200- 200-"}
SIGNED_IN = {**FOR_ALL, "anonymous": "302- 302- 302- 302- 302-"}
POSTED = dict.fromkeys(READERS, "405- 405- 405- 405- 405-")
COORDINATION = {**NOT_FOUND, **dict.fromkeys(("coordination", "administrator"), "200- 200- 200- 200- 200-")}
HOSTS_ONLY = {**NOT_FOUND, "anonymous": "302- 302- 302- 302- 302-"}

#: Who invites chooses among what is public.
INVITING = {
    **dict.fromkeys(READERS, "200- 200- 200- 200- 200+"),
    **dict.fromkeys(("teacher", "tutor", "author"), "403- 403- 403- 403- 403-"),
    "anonymous": "302- 302- 302- 302- 302-",
}

TABLE = {
    # Lists
    "home": [("/", PUBLISHED)],
    "teaching-list": [("/ressources/", PUBLISHED), ("/ressources/?page=99", PUBLISHED)],
    "training-list": [("/formations/", PUBLISHED), ("/formations/?page=99", PUBLISHED)],
    "pole-list": [("/poles/", FOR_ALL)],
    # Doors: the walk's items bear no term, so only drafts can show (tests/home/test_doors.py has the others)
    "teach": [("/enseigner/", FOR_ALL), ("/enseigner/?classe=inconnue", REFUSED)],
    "welcome": [("/accueillir/", FOR_ALL)],
    "lead": [("/animer/", MINE)],
    # Items and pôles
    "wagtail_serve": [
        ("{item}", PAGE),
        ("{item}?vue=1", PAGE),
        ("/poles/premier/", PUBLISHED),
        ("/poles/second/", FOR_ALL),
        ("/adresse-inconnue/", NOT_FOUND),
    ],
    "draft": [("/brouillons/{id}/", DRAFT), ("/brouillons/999999/", NOT_FOUND)],
    "attachment": [
        ("{pupil}", PUPIL_FILE),
        ("{teacher}", TEACHER_FILE),
        ("/fichiers/00000000-0000-4000-8000-000000000000/", NOT_FOUND),
    ],
    # Search
    "search": [
        ("/recherche/", PUBLISHED),
        ("/recherche/?q=licorne", PUBLISHED),
        ("/recherche/?q=licorne&sort=date", PUBLISHED),
        ("/recherche/?q=pantoufle", PUBLISHED),
        ("/recherche/?pole=premier", PUBLISHED),
        ("/recherche/?pole=second", FOR_ALL),
        ("/recherche/?public=inconnu", FOR_ALL),
        ("/recherche/?sort=inconnu", PUBLISHED),
        ("/recherche/?page=-1", REFUSED),
    ],
    "suggest": [("/recherche/suggestions/?q=licor", PUBLISHED), ("/recherche/suggestions/", FOR_ALL)],
    "saved-searches": [("/recherche/enregistrees/", SIGNED_IN)],
    "saved-search": [("/recherche/enregistrees/1/", ELSEWHERE)],
    "saved-search-stop": [
        ("/recherche/enregistrees/arreter/00000000-0000-4000-8000-000000000000/", NOT_FOUND)
    ],
    "api-search": [
        ("/api/v1/search", PUBLIC),
        ("/api/v1/search?q=licorne", PUBLIC),
        ("/api/v1/search?pole=premier", PUBLIC),
        ("/api/v1/search?public=inconnu", FOR_ALL),
        ("/api/v1/search?sort=inconnu", PUBLIC),
        ("/api/v1/search?page=-1", REFUSED),
    ],
    # Trainings
    "module": [("{module}", PAGE), ("/formations/inconnue/modules/aaaaaaaa/", NOT_FOUND)],
    "attestation-issue": [("/formations/inconnue/attestation/", NOT_FOUND)],
    "training-figures": [
        ("/formations/inconnue/chiffres/", {**NOT_FOUND, "anonymous": ELSEWHERE["anonymous"]})
    ],
    "my-trainings": [("/mes-formations/", FOR_ALL)],
    "progress-mail": [("/mes-formations/garder/", ELSEWHERE)],
    "progress-erase": [("/mes-formations/effacer/", POSTED)],
    "progress-resume": [("/mes-formations/reprendre/faux/", ELSEWHERE)],
    "acceptance-withdraw": [
        ("/mes-formations/invitations/00000000-0000-4000-8000-000000000000/retirer/", POSTED)
    ],
    "attestation-check": [("/attestations/", FOR_ALL), ("/attestations/?code=faux", FOR_ALL)],
    "attestation-withdraw": [("/attestations/retirer/", COORDINATION)],
    "invitations": [("/invitations/", INVITING)],
    "invitation-followers": [("/invitations/999999/", HOSTS_ONLY)],
    "invitation": [("/invitations/00000000-0000-4000-8000-000000000000/", NOT_FOUND)],
    # For machines
    "feed": [("/flux/", PUBLIC)],
    "sitemap": [
        ("/sitemap.xml", PUBLIC),
        ("/sitemap.xml?page=1", PUBLIC),
        ("/sitemap.xml?page=2", NOT_FOUND),
    ],
    "robots": [("/robots.txt", FOR_ALL)],
    "healthz": [("/healthz", FOR_ALL)],
    "readyz": [("/readyz", FOR_ALL)],
    # Pages about the site
    "help": [("/aide/", FOR_ALL)],
    "site-plan": [("/plan-du-site/", FOR_ALL)],
    "accessibility": [("/accessibilite/", FOR_ALL)],
    "legal": [("/mentions-legales/", FOR_ALL)],
    "privacy": [("/donnees-personnelles/", FOR_ALL)],
    # Sign-in
    "account_login": [("/connexion/", TO_SIGN_IN), ("/connexion/?next={item}", TO_SIGN_IN)],
    "account_inactive": [("/connexion/compte-ferme/", FOR_ALL)],
    "account_logout": [("/deconnexion/", SIGNED_IN)],
    "account_change_password": [("/mot-de-passe/changer/", ELSEWHERE)],
    "account_set_password": [("/mot-de-passe/choisir/", SIGNED_IN)],
    "account_reset_password": [("/mot-de-passe/oublie/", FOR_ALL)],
    "account_reset_password_done": [("/mot-de-passe/oublie/envoye/", FOR_ALL)],
    "account_reset_password_from_key": [("/mot-de-passe/nouveau/1-faux/", FOR_ALL)],
    "account_reset_password_from_key_done": [("/mot-de-passe/nouveau/fait/", FOR_ALL)],
}

#: Address → the kinds that it shows; to the others it shows nothing.
KINDS = {
    "/ressources/": ("teaching",),
    "/ressources/?page=99": ("teaching",),
    "/formations/": ("training",),
    "/formations/?page=99": ("training",),
    "/poles/premier/": ("practice",),
    "/invitations/": ("training",),
}

#: The database answers these too when no engine can; it reads titles and summaries, and suggests nothing.
REDUCED = (
    "/recherche/",
    "/recherche/?q=licorne",
    "/recherche/?q=licorne&sort=date",
    "/recherche/?pole=premier",
    "/recherche/?pole=second",
    "/api/v1/search",
    "/api/v1/search?q=licorne",
    "/api/v1/search?pole=premier",
)
