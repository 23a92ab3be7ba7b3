"""What the mail gate does about what happened in a ticket: each consumer of events has a file here."""
