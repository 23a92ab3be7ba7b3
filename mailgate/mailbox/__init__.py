"""Mailboxes that we fetch from: what is new is kept and committed, and only then their server is told."""
