"""The version, apart from the package's front door so that every layer may name it."""

__version__ = "0.2.0"
