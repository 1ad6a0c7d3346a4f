"""Parses requests: headers, bodies and pictures, as a stream and within limits."""
