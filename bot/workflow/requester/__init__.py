"""What people of the requesting side may do: ask, complete, correct, cancel."""
