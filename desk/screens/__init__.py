"""The screens that write, a file a verb; `registry.py` is the only list of them."""
