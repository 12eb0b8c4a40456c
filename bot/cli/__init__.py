"""The command line: thin; each command calls what does the work and shows the result."""
