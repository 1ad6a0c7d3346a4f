"""Finds environment variables that look like settings but are not, and describes each in a sentence.

A misspelt name must not go unnoticed: the server would run with another setting than intended. Kubernetes and Docker
set variables with the same prefix for a service called mockface (service links); those are reported if they hide a
setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mockface.reasons import words
from mockface.scenariofiles.diagnostic import nearest
from mockface.settings import ENV_PREFIX, TABLE, variable

URL_VARIABLE = "MOCKFACE_URL"
"""The URL of a running server: read by the commands that use one, and by the pytest plugin."""
_SETTINGS = {variable(row.name): row for row in TABLE}
_KNOWN = (*_SETTINGS, URL_VARIABLE)
_MISSPELT = 0.8
"""From this similarity on, a name counts as misspelt; below it, it may be another program's variable."""
_LINK_ADDRESS = re.compile(r"(?:tcp|udp|sctp)://", re.IGNORECASE)
_LINK_NAME = re.compile(
    r"_SERVICE_HOST|_SERVICE_PORT(?:_\w+)?|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:START|END|PROTO|PORT|ADDR))*)?|_ENV_\w+"
)


def is_service_link(name: str, value: str) -> bool:
    """Whether Kubernetes or Docker set this variable for a service called mockface or mockface-something."""
    if name in _SETTINGS:
        return _LINK_ADDRESS.match(value) is not None
    return bool(re.fullmatch(rf"MOCKFACE\w*?(?:{_LINK_NAME.pattern})", name)) or (
        name.endswith("_NAME") and value.startswith("/")
    )


def hidden_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """By name, a sentence for each variable of a setting that holds a service link."""
    return {
        name: f"{name}={environ[name]} is a service link of Kubernetes or Docker, not a setting, and is ignored; give "
        f"{name} another value, set enableServiceLinks: false in the pod, or rename the service"
        for name in _SETTINGS
        if is_service_link(name, environ.get(name, ""))
    }


def misspelt(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each variable whose name is similar to a setting's."""
    return [_sentence(name) for name in _strange(environ) if _likeness(name) >= _MISSPELT]


def foreign(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each other variable that has the prefix of settings and no effect."""
    return [f"{_sentence(name)} It has no effect" for name in _strange(environ) if _likeness(name) < _MISSPELT]


def _strange(environ: Mapping[str, str]) -> list[str]:
    mine = sorted(name for name in environ if name.upper().startswith(ENV_PREFIX) and name not in _KNOWN)
    return [name for name in mine if not is_service_link(name, environ[name])]


_LISTED = words("mockface serve --help lists the variables.", "mockface serve --help 可列出全部变量。")


def _sentence(name: str) -> str:
    return f"{name} is not a setting; {nearest(name, _KNOWN, _LISTED)}"


def _likeness(name: str) -> float:
    """The similarity of the name to the nearest setting's, from 0 to 1, without the common prefix."""
    from difflib import SequenceMatcher  # rarely needed

    rest = name.upper().removeprefix(ENV_PREFIX)
    return max(SequenceMatcher(None, rest, known.removeprefix(ENV_PREFIX)).ratio() for known in _SETTINGS)
