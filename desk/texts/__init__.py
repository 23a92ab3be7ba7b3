"""The texts of admins in the admin: the editor, the words that KVV fills in, and a preview."""
