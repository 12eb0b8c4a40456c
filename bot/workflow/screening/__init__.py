"""The one guard: what is never answered (`rules`) and what is never sent (`outbox`)."""
