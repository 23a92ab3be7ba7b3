"""From raw bytes to a mail that can be delivered."""
