"""`POST /face/idcardcompare`: what it alone knows."""
