"""The demo: invented data, a catcher for outgoing mail, and pages to play the customer."""
