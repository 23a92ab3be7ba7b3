"""Loads all of KVV where it is imported: what processes are forked from that are to begin at once."""

import django

django.setup()
