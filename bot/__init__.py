"""The bot behind comunicacion.interna@upaep.mx: requests for mailing lists, decided by people."""

__version__ = "0.2.0"
