"""What is checked of the action's fields together: which came, of what type, encrypted how."""

from __future__ import annotations

from mockface import idcard
from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.gateway import codes, errors
from mockface.model import Call, Refused, Structure, WrongType, kind_in_words
from mockface.operations.api3.checks.shared import WIRE, common_of
from mockface.operations.api3.decrypting import MEMBERS
from mockface.operations.api3.refusing import refused
from mockface.privacy.masking import quoted, shown
from mockface.reasons import Reason, joined, words

_NO_FIELD = Reason("the field {name} did not come; expected {fields}", "缺少字段 {name}；应有 {fields}")
_MISSPELT = Reason("{why}; {unknown} came, which this action does not have", "{why}；收到了该接口没有的 {unknown}")


def _fields_came(call: showing.Shown) -> str:
    files = {"ImageBase64": call.picture, "VideoBase64": call.video}
    return ", ".join([*call.fields, *(name for name, file in files.items() if file is not None)]) or showing.NONE


@check(
    title=words("The action's fields are given", "接口参数齐全"),
    evidence=WIRE,
    wanted=words("every required field", "所有必填字段"),
    came=_fields_came,
)
def fields_given(call: Call, rules: Rules) -> Refused | None:
    """Every required field came, in the order of the documentation; an empty text counts as given."""
    for name in call.table.required:
        if name not in call.fields:
            why = _NO_FIELD.of(name=name, fields=joined(call.table.required))
            unknown = common_of(call).unknown
            if unknown:
                why = _MISSPELT.of(why=why, unknown=joined(quoted(one, 40) for one in unknown[:3]))
            return refused(errors.MISSING_PARAMETER, why, x=name)
    return None


_UNKNOWN = Reason("{name} is not a field of this action; it has {fields}", "{name} 不是该接口的字段；它有 {fields}")


@check(
    title=words("No other fields are given", "没有多余字段"),
    evidence=WIRE,
    wanted=words("fields of this action alone", "只有该接口的字段"),
    came=lambda call: ", ".join(common_of(call).unknown) or showing.NONE,
)
def fields_known(call: Call, rules: Rules) -> Refused | None:
    """A field that the action does not have is refused."""
    table = call.table
    unknown = list(common_of(call).unknown)
    encryption = call.fields.get("Encryption")
    if isinstance(encryption, Structure):
        unknown += [f"Encryption.{name}" for name in encryption.members if name not in MEMBERS]
    if not unknown:
        return None
    fields = joined([*table.text, *table.pictures, *table.videos, *table.objects] or [showing.NONE])
    return refused(
        errors.UNKNOWN_PARAMETER, _UNKNOWN.of(name=quoted(unknown[0], 40), fields=fields), x=shown(unknown[0], 40)
    )


_A_STRING = words("a string", "字符串")
_AN_OBJECT = words("an object", "对象")
_NO_TEXT = Reason("{name} is a JSON {kind}; expected {wanted}", "{name} 是 JSON 的{kind}；应为{wanted}")
_KINDS = Reason("{name}: {kind}", "{name}：{kind}")


@check(
    title=words("The fields are of their types", "字段类型正确"),
    evidence=words("page for the message", "文本出自厂商文档"),
    wanted=words("strings, and an object for Encryption", "字符串；Encryption 为对象"),
    came=lambda call: (
        joined(_KINDS.of(name=name, kind=kind_in_words(kind)) for name, kind in call.wrong_types.items())
        or words("as wanted", "符合")
    ),
)
def field_types_right(call: Call, rules: Rules) -> Refused | None:
    """Every field is a string, but for the object Encryption."""
    for name, value in call.fields.items():
        if isinstance(value, WrongType):
            wanted = _AN_OBJECT if name in call.table.objects else _A_STRING
            why = _NO_TEXT.of(name=name, kind=kind_in_words(value.kind), wanted=wanted)
            return refused(errors.PARAMETER_TYPE, why, x=name)
    return None


_SOMEBODYS = words(
    "IdCard looks like a real person's, and --deny-real-ids is on; 'mockface ids' prints numbers that nobody holds",
    "IdCard 看起来属于真人，而 --deny-real-ids 已打开；'mockface ids' 可打印不属于任何人的号码",
)


@check(
    title=words("The number is nobody's", "号码不属于真人"),
    wanted=words("a number that nobody holds, with --deny-real-ids", "不属于真人的号码（--deny-real-ids）"),
    came=lambda call: call.number or showing.NONE,
)
def number_is_nobodys_here(call: Call, rules: Rules) -> Refused | None:
    """With `--deny-real-ids`, no number that looks like a real person's is taken. A rule of mockface's own."""
    if not rules.deny_real_ids or not idcard.looks_real(call.number, call.now):
        return None
    return Refused(codes.EVERY["InvalidParameterValue"], _SOMEBODYS)


@check(
    title=words("Encrypted fields can be decrypted", "加密字段可解密"),
    evidence=words("page; the order of what is looked for is assumed", "厂商文档；检查顺序为假定"),
    wanted=words(
        "fields encrypted for a key pair of mockface's own, if any", "用 mockface 自己的密钥对加密的字段（若有）"
    ),
    came=lambda call: "Encryption" if "Encryption" in call.fields else showing.NONE,
)
def fields_decrypted(call: Call, rules: Rules) -> Refused | None:
    """Fields that came encrypted can be decrypted with mockface's own key pair."""
    return common_of(call).undecrypted
