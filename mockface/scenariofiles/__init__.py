"""Reads YAML into scenarios and accounts; reports each mistake with its position and a correct example."""
