"""What may be done to a running mockface: scenarios loaded, added and watched, states switched."""
