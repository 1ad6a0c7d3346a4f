"""The server behind a handle: in a thread of the test's process, or elsewhere."""
