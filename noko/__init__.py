"""НОКО: independent assessment of the quality of education, from collected data to a rating."""

__version__ = "0.1.0"
