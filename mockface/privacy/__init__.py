"""What may not be shown: the shapes of ID numbers and secrets, and the masks that stand in their place."""
