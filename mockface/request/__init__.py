"""Bytes to fields: headers, bodies and pictures of a request, read as they come and bounded."""
