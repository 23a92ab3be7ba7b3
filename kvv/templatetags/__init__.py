"""What templates of every room need."""
