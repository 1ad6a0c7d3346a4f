"""How texts are laid out, escaped and read: columns, JSON, durations, host names, requests that were kept."""
