"""A YAML document: parsed within limits, with the line of each value and of each mistake."""
