"""The scenario file that `mockface init` writes: small, valid, with one example of each feature."""

from __future__ import annotations

from mockface.scenariofiles.schema import MODELINE
from mockface.scenarios import family


def starter_text(schema: str) -> str:
    """The file's text; `schema` is the path of the schema for its first line."""
    person, story, failing = (family.number_for(7, 1, sequence) for sequence in (1, 2, 3))
    return f"""{MODELINE}{schema}
# Scenarios of this team. They take precedence over the shipped ones ('mockface ids' lists those). Numbers of months 07
# to 09 in the family 110110 1999 MM DD SSS C are free for you and belong to nobody.

scenarios:
  # A person: another name in the request answers -5803.
  "{person}": {{ name: 张三, similarity: 92.5 }}

  # A sequence for retries: busy twice, then a success.
  "{story}":
    sequence: [{{ code: TOO_FREQUENT }}, {{ code: TOO_FREQUENT }}, {{ similarity: 92.5 }}]

  # Numbers that match this pattern are slow and fail in one of five calls.
  "{failing[:-4]}1???": {{ code: INTERNAL_ERROR, rate: 0.2, otherwise: {{ similarity: 95, delay: 300ms }} }}

# default: # a number with no scenario
#   well_formed: {{ similarity: 100.0 }}
#   malformed: {{ code: NUMBER_INVALID }}

# accounts: # for --signature verify, and for states such as arrears
#   - {{ appid: "1251111111", secret_id: AKIDteam, secret_key: team-key, state: active }}
"""
