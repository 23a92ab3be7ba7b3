"""What an admin takes out of use takes along, or names, what hangs on it in any room."""
