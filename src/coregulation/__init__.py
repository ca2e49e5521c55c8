"""Two or more people's body signals: together beyond chance, or not, and who steadies whom."""

__version__ = "0.1.0"
