"""The Authorization value: reading, creating and explaining it, and the accounts that sign."""
