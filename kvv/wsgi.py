"""What gunicorn serves."""

import gc
import os
from collections.abc import Iterable
from importlib import import_module
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from kvv.environment import one_sentence
from work.stack import with_room

# gunicorn takes this for 'can't start' and does not try again for ever.
BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvv.settings")
with one_sentence(exit_code=BOOT_ERROR):
    _answer = get_wsgi_application()
    _views = get_resolver().url_patterns  # all our code is loaded now, not by the first who comes


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    return with_room(_answer, environ, start_response)


import_module("mailgate.restored").look_at_start()

# What is loaded stays: the collector need not look through it again and again, 65 ms each time.
gc.collect()
gc.freeze()
