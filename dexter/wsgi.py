"""The entry point of the web server: `granian --interface wsgi dexter.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dexter.settings")
application = get_wsgi_application()

gc.collect()
gc.freeze()  # what the program itself is made of is never looked through again
