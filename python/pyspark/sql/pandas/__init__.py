"""Where PySpark keeps what needs pandas."""
