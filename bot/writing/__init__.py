"""From a letter to the bytes that are sent."""
