"""Beantwoord: the form an answer is written in."""
