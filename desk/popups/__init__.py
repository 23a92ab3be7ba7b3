"""The pop-ups: each a page of its own that script shows as a dialog. `way.py` is the one way they all go."""
