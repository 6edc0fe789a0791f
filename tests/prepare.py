"""Makes the tests' template database ahead of them: `python -m tests.prepare`."""

from . import environment  # noqa: F401  # isort: skip  # before the settings are read

import django

django.setup()

from . import database  # noqa: E402

if __name__ == "__main__":
    database.set_care(False)
    database.prepare()
