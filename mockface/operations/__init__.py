"""The operations that mockface emulates, a package each."""
