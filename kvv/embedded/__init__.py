"""The servers of `make run` and of the tests: PostgreSQL and Valkey from PyPI, as our own children."""
