"""What mockface costs beside the HTTP server under it. Not part of the package; `python -m benchmarks` measures."""
