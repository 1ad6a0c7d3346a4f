"""The sisters of `POST /face/idcardcompare`: liveness by video or photo, two photos compared, name and number.

`records` has a record each. `codes` are their own codes beside those of the page, `levels` says at which of the two
levels of an answer a code stands, `bodies` renders, `checks` are what is checked of their fields.
"""
