"""What the screens ask of the tickets: pages, counts, one ticket's articles."""
