"""Stile: members of a leisure centre walk in by face, and anyone may ask how that is done."""

__version__ = "0.1.0"
