"""Examining an installation: each check says in a sentence what is wrong and how to mend it."""
