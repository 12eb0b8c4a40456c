"""Text itself: folding, tokens, lines, dates, numbers."""
