"""Control of a running mockface: loading, adding and watching scenarios, switching states."""
