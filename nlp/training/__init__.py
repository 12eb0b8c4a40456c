"""Training and evaluation; never imported at run time."""
