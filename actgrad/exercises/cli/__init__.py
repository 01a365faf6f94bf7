"""The commands of this package: ``grade``, ``export``, ``exercises``."""
