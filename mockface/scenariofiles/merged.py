"""The contents of a set of scenario files, and the scenario set of own and shipped files together.

Takes parsed entries; returns scenarios, and diagnostics about conflicts. Does not read YAML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from mockface import codes
from mockface.codes import CodeTable
from mockface.gateway.codes import WITH_PAGE
from mockface.model import Account, Scenario, Step
from mockface.privacy.masking import printable
from mockface.reasons import Reason, Said
from mockface.scenariofiles.diagnostic import Diagnostic
from mockface.scenarios.lookup import SHAPE_LIMIT, Layer, Overlap, ScenarioSet, built_in_defaults

if TYPE_CHECKING:
    from mockface.scenariofiles.yaml.document import Document, Node

OVERLAP_LIMIT = 100
"""The most overlapping patterns reported."""


_TWICE = Reason("{key} is given twice; the first is at {first}", "{key} 出现两次；第一次在 {first}")
_OTHER_STATE = Reason(
    "appid {appid} is {here} here and {there} at {place}; all accounts of an appid need the same value",
    "appid {appid} 在此处为 {here}，在 {place} 为 {there}；同一 appid 的所有账号应一致",
)
_OTHER_RATE = Reason(
    "appid {appid} has {here} here and {there} at {place}; all accounts of an appid need the same value",
    "appid {appid} 在此处为 {here}，在 {place} 为 {there}；同一 appid 的所有账号应一致",
)
_MANY_SHAPES = Reason(
    "patterns have their ? and # in {count} different places; expected at most {limit}, since each call tries them all",
    "各模式中 ? 和 # 的位置有 {count} 种；最多 {limit} 种，每次调用都要逐一尝试",
)
_OVERLAP = Reason(
    "{second} and {first} ({origin}) match a common number; make one of them narrower",
    "{second} 与 {first}（{origin}）会匹配同一号码；应缩小其中之一的范围",
)


@dataclass(slots=True)
class Loaded:
    """The contents of a set of files, and their mistakes.

    `codes` are the codes that scenarios may use, `names` the operations that may stand in place of a number. With `now`
    (seconds since 1970), numbers that look like real people's get a warning, or a mistake with `deny_real_ids`.
    """

    now: float | None = None
    deny_real_ids: bool = False
    codes: CodeTable = WITH_PAGE
    names: frozenset[str] = frozenset()
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    defaults: dict[str, Scenario] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _places: dict[str, str] = field(default_factory=dict)
    _keys: dict[str, tuple[Document, Node]] = field(default_factory=dict)
    _standings: dict[str, tuple[Account, str]] = field(default_factory=dict)

    def claim(self, document: Document, node: Node, key: str) -> bool:
        """Whether this key is new in all files; reports it if another file has it already."""
        first = self._places.setdefault(key, document.place(node))
        if first == document.place(node):
            self._keys[key] = document, node
            return True
        document.report(node, _TWICE.of(key=key, first=first))
        return False

    def about(self, key: str, text: Said) -> Diagnostic:
        """A diagnostic about a claimed key."""
        document, node = self._keys[key]
        return document.diagnostic(node, text)

    def agrees(self, document: Document, node: Node, account: Account) -> bool:
        """Whether the account has the state and rate of earlier accounts with its appid; reports it if not."""
        first, place = self._standings.setdefault(account.appid, (account, document.place(node)))
        about = {"appid": printable(account.appid), "place": place}
        if first.state != account.state:
            text = _OTHER_STATE.of(**about, here=account.state, there=first.state)
        elif account.rate != first.rate:
            text = _OTHER_RATE.of(**about, here=account.rate, there=first.rate)
        else:
            return True
        document.report(node, text)
        return False


def assemble(own: Loaded, shipped: Loaded) -> tuple[ScenarioSet, list[Diagnostic]]:
    """The scenario set of a team's own files and the shipped ones, and all diagnostics."""
    layers = []
    diagnostics = [*own.diagnostics, *shipped.diagnostics]
    for loaded in (own, shipped):
        layer = Layer(loaded.scenarios.values())
        if layer.shapes > SHAPE_LIMIT:
            diagnostics.append(loaded.about(list(layer)[-1].number, _too_many_shapes(layer)))
        else:
            overlaps = islice(layer.overlaps(), OVERLAP_LIMIT)
            diagnostics.extend(loaded.about(overlap.second.number, _overlapping(overlap)) for overlap in overlaps)
        layers.append(layer)
    built_in = built_in_defaults(Step(similarity=100.0), Step(code=codes.NUMBER_INVALID))
    defaults = {"well_formed": built_in[0], "malformed": built_in[1], **shipped.defaults, **own.defaults}
    return ScenarioSet(tuple(layers), defaults["well_formed"], defaults["malformed"]), diagnostics


def _too_many_shapes(layer: Layer) -> Said:
    return _MANY_SHAPES.of(count=layer.shapes, limit=SHAPE_LIMIT)


def _overlapping(overlap: Overlap) -> Said:
    first, second = overlap.first, overlap.second
    return _OVERLAP.of(second=second.number, first=first.number, origin=first.origin)
