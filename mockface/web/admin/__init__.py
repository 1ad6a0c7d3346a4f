"""The API under `/_mockface/`: FastAPI routes, access control and the limit on request bodies."""
