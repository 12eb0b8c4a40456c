"""The pure core: cases, forms, orders, screening, deciding. Takes values and `now`, does no I/O."""
