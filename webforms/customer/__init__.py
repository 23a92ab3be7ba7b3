"""The customer's own page: one ticket, as one address knows it."""
