"""The record of calls and answers: stored without secrets, counted, explained and searched."""
