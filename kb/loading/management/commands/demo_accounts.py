from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.accounts.models import User
from kb.loading.accounts import renew_passwords
from kb.settings.environment import DEMO_PASSWORD


class Command(BaseCommand):
    help = (
        "Donne un nouveau mot de passe à chaque compte de démonstration (DEMO_PASSWORD : le même pour tous)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            passwords = renew_passwords(DEMO_PASSWORD)
        except User.DoesNotExist as error:
            raise CommandError(
                "Les comptes de démonstration n’existent pas encore : lancez d’abord load_demo."
            ) from error
        width = max(map(len, passwords))
        for address, password in passwords.items():
            self.stdout.write(f"  {address:<{width}}  {password}")
