"""The bot behind comunicacion.interna@upaep.mx: requests for mailing lists, decided by people."""
