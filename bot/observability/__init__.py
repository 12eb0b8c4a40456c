"""What is seen of the bot from outside: logs, metrics, health."""
