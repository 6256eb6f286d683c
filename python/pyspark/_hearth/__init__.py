"""Internals of the front end: the wire, the engine process, plans and expressions. Nothing here is API."""
