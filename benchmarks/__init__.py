"""`make bench`: how fast KVV is, measured on a database it fills itself."""
