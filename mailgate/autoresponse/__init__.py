"""What a queue answers by itself to a mail that came in, and when it keeps silent (OTRS 6)."""
