"""Reaching a running mockface: the client of its API, and the certificates that it shows."""
