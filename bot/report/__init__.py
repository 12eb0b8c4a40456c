"""Figures of a period, as a page to read and print, and as CSV."""
