"""What can be done to a ticket: one module per verb of the manual, and nothing else writes to a ticket.

An action locks, re-reads, checks the permission, changes, records one event and returns what it made, all in
one transaction. What it won't do it says by raising a `tickets.errors.Refusal`.
"""
