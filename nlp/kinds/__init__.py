"""What is told apart by its wording: what programs add to a mail, and mail of machines."""
