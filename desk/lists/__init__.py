"""The lists of tickets: by queue, by state, my own, and one customer's."""
