"""The first kind of request: a list for mass mailing."""
