"""YAML to scenarios and accounts: read, checked and merged; every mistake with its place, and what would work."""
