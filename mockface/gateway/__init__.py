"""The gateway of API 3.0: its two signatures, read, made and explained; its errors, and what the successor answers."""
