"""What is to be said to whom: one function a mail."""
