"""Questions asked on the web, and the page on which their answers are read."""
