"""Doing something to many tickets at once: choosing them, the screen, and what came of it."""
