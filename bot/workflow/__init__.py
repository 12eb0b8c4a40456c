"""The pure core: cases, commands, screening, deciding. Takes values and `now`, does no I/O."""
