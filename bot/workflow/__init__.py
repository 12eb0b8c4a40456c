"""The pure core: cases, forms, commands, screening, deciding. Takes values and `now`, does no I/O."""
