"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from kvv.environment import one_sentence

# gunicorn takes this for 'can't start' and does not try again for ever.
BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvv.settings")
with one_sentence(exit_code=BOOT_ERROR):
    application = get_wsgi_application()
