"""Connecting to a running mockface: the client of its API, and its TLS certificates."""
