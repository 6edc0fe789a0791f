"""The entry point of the web server: `granian --interface wsgi dexter.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from dexter.lib.rubbish import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dexter.settings")
application = get_wsgi_application()
settle()
