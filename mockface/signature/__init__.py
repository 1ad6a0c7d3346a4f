"""The Authorization value: what it says, how one is made, what is wrong with one, and the accounts that sign."""
