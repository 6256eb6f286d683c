"""Exception classes, by the module names that PySpark 3.5 uses."""
