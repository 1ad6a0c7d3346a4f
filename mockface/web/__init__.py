"""The server side: everything that waits, listens or can break. The core does not depend on it."""
