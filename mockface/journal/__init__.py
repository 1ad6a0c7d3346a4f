"""What mockface was asked and what it answered: as it may be shown, counted, explained and searched."""
