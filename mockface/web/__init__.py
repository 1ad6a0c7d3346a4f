"""The shell: everything that waits, listens or breaks. The core is told what it needs and knows nothing of this."""
