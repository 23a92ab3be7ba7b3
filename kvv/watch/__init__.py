"""Noticing in time that something is wrong: on every page, and by mail to the admins."""
