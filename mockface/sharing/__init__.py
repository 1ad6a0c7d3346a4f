"""Several servers with one store: what they count, what they were told, and what they answered is the same for all.

Without `--store` nothing here is imported. `asking` gives the core the store's verbs, `link` speaks with the store,
`batches` carries verbs there and back, `member` is one server's part in all this, `together` makes what the API
changes; `shipping`, `reading` and `replica` share the journal. `scripts` has every script that the store runs.
"""
