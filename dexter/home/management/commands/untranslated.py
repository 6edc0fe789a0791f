"""What a language lacks, as the lines of a catalogue to fill in."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.core.management.base import BaseCommand

from dexter.home.texts import texts_on_the_way, untranslated


class Command(BaseCommand):
    help = "Prints what the catalogue of a language lacks of the texts that a home meets; redirect it to the end of the catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="of the language in locale/, for example ar or sv_Simple")

    def handle(self, *args: Any, **options: Any) -> None:
        places, lacking = texts_on_the_way(), Catalog(locale=options["folder"])
        for context, text in untranslated(options["folder"]):
            where = [(name, 0) for name in places[context, text]]
            lacking.add(text, context=context or None, locations=where)
        written = io.BytesIO()
        write_po(written, lacking, omit_header=True)
        self.stdout.write(written.getvalue().decode())
