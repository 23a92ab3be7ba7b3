"""The ticket screen, its mail frames, its files and its history."""
