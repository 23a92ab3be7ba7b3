"""`make faults`: everything is killed at random moments under load, and then the mails are counted."""
