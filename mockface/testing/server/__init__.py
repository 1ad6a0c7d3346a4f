"""The server behind a handle: of one's own in a thread, or one that runs elsewhere."""
