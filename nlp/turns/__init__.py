"""A requester's later mails: what each answers, corrects or asks for, given what was asked."""
