"""Writing: what the forms of the screens are made of."""
