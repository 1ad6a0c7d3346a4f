"""Messages for people in English and Chinese: `said` builds a sentence, `hiding` masks secrets in it."""

from mockface.reasons.hiding import masked
from mockface.reasons.said import Reason, Said, chinese, chinese_or_none, joined, words

__all__ = ["Reason", "Said", "chinese", "chinese_or_none", "joined", "masked", "words"]
