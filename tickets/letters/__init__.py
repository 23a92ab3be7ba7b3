"""What leaves: recipients, references, subject, placeholders, inline images, and the letter made of them."""
