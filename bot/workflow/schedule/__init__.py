"""What falls due by itself: reminders, expiry, digests, summaries, renewals. No I/O."""
