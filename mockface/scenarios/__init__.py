"""Which step of which scenario a call gets: the scenario of a number, chance, faults of the transport."""
