"""Secrets that must be told to others: kept so that the database alone does not give them away."""
