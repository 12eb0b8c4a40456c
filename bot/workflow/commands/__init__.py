"""Commands that staff give by replying to a mail: the table, the conditions, what each does."""
