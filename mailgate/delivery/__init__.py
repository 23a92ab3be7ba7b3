"""From a mail that was read to the article of a ticket: where it goes, what it becomes, whose turn it is."""
