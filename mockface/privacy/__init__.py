"""Hiding personal data and secrets: the patterns of ID numbers and names, and the masks that replace them."""
