"""mockface: the retired face-verification service `POST /face/idcardcompare`, offline, for tests."""

__version__ = "0.1.0"
