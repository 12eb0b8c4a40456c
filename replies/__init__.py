"""What the bot says: one folder a reply, with subject, text, HTML and a sample; knows no bot."""
