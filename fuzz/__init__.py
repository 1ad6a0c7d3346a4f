"""Coverage-guided fuzzing of everything that reads what comes from outside.

A target is a function that takes a fuzzer's bytes and raises if a promise is broken; `targets.py` lists them. They need
no fuzzer: tests/unit/test_found.py runs them over every input that was ever found. `run.py` drives them with atheris,
`make fuzz` all of them in turn.
"""
