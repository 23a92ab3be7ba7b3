"""`make fuzz`: the corpus of mails, damaged in every way we know, must never break or be lost."""
