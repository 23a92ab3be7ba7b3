"""The page after sign-in: what waits for its agent, in boxes of their choice."""
