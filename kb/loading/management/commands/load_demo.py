from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from kb.loading import scale
from kb.loading.demo import FOLDER, DemoFilesError, load_demo


class Command(BaseCommand):
    help = "Charge le contenu de démonstration par la vraie voie : écrit, proposé, approuvé, daté."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=FOLDER, help="dossier à lire (fixtures/demo par défaut)"
        )
        parser.add_argument(
            "--scale",
            type=int,
            metavar="N",
            help="engendre en plus N fiches publiées, puis reconstruit l’index ; les deux durées sont affichées",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] is not None and options["scale"] < 1:
            raise CommandError("--scale attend un nombre de fiches, à partir de 1.")
        try:
            tally = load_demo(options["folder"])
        except DemoFilesError as errors:
            raise CommandError(f"Rien n’a été chargé.\n{errors}") from errors
        self.stdout.write(
            f"Contenu de démonstration : {tally.made} fiche(s) ajoutée(s), {tally.kept} déjà là."
        )
        if options["scale"]:
            self.generate(options["scale"])

    def generate(self, count: int) -> None:
        start = monotonic()
        try:
            made = scale.generate(
                count, lambda done: self.stdout.write(f"{done} / {count} fiches engendrées")
            )
        except scale.NothingToRecombineError as error:
            raise CommandError(
                "--scale recombine les phrases de fiches publiées, or il n’y en a aucune : "
                "chargez d’abord le contenu de démonstration, sans --folder."
            ) from error
        self.stdout.write(
            f"Fiches engendrées : {made} ajoutée(s), {scale.generated()} en tout, en {monotonic() - start:.1f} s."
        )
        start = monotonic()
        call_command("search_rebuild", stdout=self.stdout)
        self.stdout.write(f"Index reconstruit en {monotonic() - start:.1f} s.")
