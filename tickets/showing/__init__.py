"""What shows an article, in whichever room: its text, its frame and its files. It knows no address."""
