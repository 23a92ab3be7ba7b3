"""What an action is made of: begin, lock, changes, articles, events, write down."""
