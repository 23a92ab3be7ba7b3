"""Customers in the agent's browser: who is found while one types, and their pages."""
