"""A requester's later mails: what each answers, corrects, asks or wishes, given what was asked."""
