"""Where the parts meet: the only place that knows mail, store, understanding and core at once."""
