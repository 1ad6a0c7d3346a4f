"""The API under `/_mockface/`: typed FastAPI, its guard and the bound on its bodies."""
