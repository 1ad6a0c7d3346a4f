"""What is told to people, in both languages: `said` makes a sentence, `hiding` takes from it what is secret."""

from mockface.reasons.hiding import masked
from mockface.reasons.said import Reason, Said, chinese, chinese_or_none, joined, words

__all__ = ["Reason", "Said", "chinese", "chinese_or_none", "joined", "masked", "words"]
