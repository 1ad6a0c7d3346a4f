"""A long run of everything at once against one server, whose memory, files and threads are watched meanwhile."""
