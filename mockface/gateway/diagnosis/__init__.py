"""What a request signs, rebuilt line by line, and which of the usual mistakes it has: of signature v3 and of v1.

A request, the key if it is known, and the time come in; what was signed and mistakes come out, in both languages. No
check asks this: it is for people, when somebody looks at a call.
"""

from mockface.gateway.diagnosis.v1 import ExplainedV1, explain_v1, is_v1
from mockface.gateway.diagnosis.v3 import LARGEST_REWRITTEN, Explained, explain_tc3, explain_value

__all__ = [
    "LARGEST_REWRITTEN",
    "Explained",
    "ExplainedV1",
    "explain_tc3",
    "explain_v1",
    "explain_value",
    "is_v1",
]
