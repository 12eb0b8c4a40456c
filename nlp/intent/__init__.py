"""What the sender wants: eight labels with a calibrated confidence."""
