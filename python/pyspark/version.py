"""The Spark version whose Python API this front end speaks."""

__version__: str = "3.5.3"
