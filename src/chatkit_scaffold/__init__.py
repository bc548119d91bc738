"""A ChatKit app on your own backend: made, changed and healed from the command line."""

__version__ = "0.1.0"
