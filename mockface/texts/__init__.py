"""Text layout, escaping and parsing: columns, JSON, durations, host names, requests from files."""
