"""Speaking SMTP and LMTP as a server, with a limit on every figure that the other side chooses."""
