"""Voorkeuren: what an agent prefers, each page of it by itself."""
