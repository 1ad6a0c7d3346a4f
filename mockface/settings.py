"""The table of settings: name, type, default, help in both languages.

The command line, the environment and the docs are generated from it. A setting `body_limit` has the flag
`--body-limit` and the variable `MOCKFACE_BODY_LIMIT`; the flag takes precedence.
"""

from __future__ import annotations

import math
import re
from dataclasses import Field, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from mockface.network.storeurl import store_address
from mockface.request.limits import BODY_LIMIT_BYTES
from mockface.texts.hostnames import host_as_sent, origin_as_sent

ENV_PREFIX = "MOCKFACE_"
DEFAULT_PORT = 8641
DEFAULT_TLS_PORT = 8643


def _setting(default: Any, help_text: str, help_zh: str, **more: Any) -> Any:
    return field(default=default, metadata={"help": help_text, "help_zh": help_zh, **more})


def _must_fit(row: Field[Any], given: object) -> None:
    """Refuse a value of another type than the default's, outside the choices, or below the lowest."""
    wanted = (int, float) if isinstance(row.default, float) else type(row.default)
    if not isinstance(given, wanted) or (isinstance(given, bool) and not isinstance(row.default, bool)):
        raise ValueError(f"{flag(row.name)} is {given!r}; expected a {type(row.default).__name__}")
    choices = row.metadata.get("choices")
    if choices and given not in choices:
        raise ValueError(f"{flag(row.name)} is {given!r}; expected one of {', '.join(choices)}")
    if isinstance(given, float) and not math.isfinite(given):
        raise ValueError(f"{flag(row.name)} is {given}; expected a finite number")
    low = row.metadata.get("low")
    if isinstance(given, int | float) and low is not None and given < low:
        raise ValueError(f"{flag(row.name)} is {given}; expected at least {low}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a server at its start. Sizes are in bytes, times in seconds."""

    host: str = _setting(
        "127.0.0.1",
        "Address to listen on; 0.0.0.0 is every address of this machine.",
        "监听地址；0.0.0.0 表示本机所有地址。",
    )
    port: int = _setting(
        DEFAULT_PORT,
        "Port to listen on; 0 selects a free one and prints it.",
        "监听端口；0 表示自动选择空闲端口并打印出来。",
    )
    tls: str = _setting(
        "off",
        "auto: also serve HTTPS, with a certificate created at start; off: only HTTP, unless --tls-cert is given.",
        "auto：同时提供 HTTPS，证书在启动时生成；off：只有 HTTP，除非给出 --tls-cert。",
        choices=("off", "auto"),
    )
    tls_cert: str = _setting(
        "",
        "Certificate file (PEM) for HTTPS; 'mockface tls init' creates one.",
        "HTTPS 的证书文件（PEM）；'mockface tls init' 可生成。",
    )
    tls_key: str = _setting("", "Key file (PEM) of --tls-cert.", "--tls-cert 的私钥文件（PEM）。")
    tls_port: int = _setting(
        DEFAULT_TLS_PORT,
        "Port for HTTPS, in addition to the one for HTTP; 0 selects a free one and prints it.",
        "HTTPS 的端口，与 HTTP 端口并存；0 表示自动选择空闲端口并打印出来。",
    )
    tls_names: tuple[str, ...] = _setting(
        (),
        "Additional names and addresses in the certificate of --tls auto; repeatable or comma-separated.",
        "--tls auto 的证书另外包含的名称和地址；可重复，或用逗号分隔。",
    )
    tls_ca_out: str = _setting(
        "",
        "File to which the CA certificate of --tls auto is written; clients also find it at /_mockface/ca.pem.",
        "写入 --tls auto 的 CA 证书的文件；客户端也可从 /_mockface/ca.pem 获取。",
    )
    scenarios: tuple[Path, ...] = _setting(
        (),
        "Scenario file or folder; repeatable, separated by : in the variable (Windows: ;). Its numbers "
        "and defaults take precedence over the shipped ones.",
        "场景文件或目录，可重复；环境变量中以 : 分隔（Windows 为 ;）。其中的号码和默认值优先于内置场景。",
    )
    scenarios_mount: str = _setting(
        "",
        "Additional folder of scenario files, which may be empty; /scenarios in the container image.",
        "另一个场景文件目录，可以为空；容器镜像中为 /scenarios。",
    )
    no_shipped: bool = _setting(False, "Do not load the shipped scenarios.", "不加载内置场景。")
    signature: str = _setting(
        "shape",
        "shape: the Authorization must be well formed, not expired and for this appid; verify: its HMAC must also "
        "match an account; off: not checked.",
        "shape：Authorization 须格式正确、未过期、属于该 appid；verify：HMAC 还须与某个账号相符；off：不检查。",
        choices=("shape", "verify", "off"),
    )
    operations: tuple[str, ...] = _setting(
        (),
        "Operations to emulate; repeatable or comma-separated. All by default; 'mockface codes' lists them.",
        "要模拟的接口；可重复，或用逗号分隔。默认全部；'mockface codes' 可列出。",
    )
    failed_operations: str = _setting(
        "result",
        "Where API 3.0 says that a comparison failed: result, as FailedOperation in Result; error, as Error.",
        "API 3.0 把比对失败放在何处：result 为 Result 中的 FailedOperation；error 为 Error。",
        choices=("result", "error"),
    )
    low_similarity: str = _setting(
        "success",
        "What ImageRecognition (V1) says of a Sim below 70: success, and the caller judges; refuse, "
        "CompareLowSimilarity, as V2 always says.",
        "ImageRecognition（V1）在 Sim 低于 70 时的结果：success，由调用方判断；"
        "refuse，与 V2 一样返回 CompareLowSimilarity。",
        choices=("success", "refuse"),
    )
    keys: str = _setting(
        "",
        "Folder with the keys that decrypt encrypted fields of API 3.0; 'mockface keys init' makes it.",
        "用来解密 API 3.0 加密字段的密钥所在目录；'mockface keys init' 可生成。",
    )
    pictures: str = _setting(
        "known",
        "known: JPEG, PNG, BMP or WEBP by their first bytes; any: anything except GIF.",
        "known：按文件头识别为 JPEG、PNG、BMP 或 WEBP；any：除 GIF 外均可。",
        choices=("known", "any"),
    )
    videos: str = _setting(
        "checked",
        "checked: MP4, MOV, 3GP, FLV or AVI, whole, large enough and, where digits are read aloud, with sound; any: "
        "anything.",
        "checked：MP4、MOV、3GP、FLV 或 AVI，完整，尺寸足够，需读数字时还须有声音；any：任何内容。",
        choices=("checked", "any"),
    )
    digits: str = _setting(
        "any",
        "any: a video may be sent with any four digits; strict: with those that /face/livegetfour of this server dealt "
        "in the last ten minutes, once.",
        "any：视频可配任意四位数字；strict：只接受本服务器 /face/livegetfour 十分钟内给出的数字，且只能用一次。",
        choices=("any", "strict"),
    )
    identity_failures: str = _setting(
        "compare_status",
        "Where the answer to a video has the failures of number and name (-5802 to -5817): compare_status, or code.",
        "视频核验的响应把号码和姓名的错误（-5802 至 -5817）放在何处：compare_status 或 code。",
        choices=("compare_status", "code"),
    )
    final_boundary: str = _setting(
        "optional",
        "optional: accept a multipart body whose final boundary lacks its --; required: refuse it with code 3.",
        "optional：接受结尾 boundary 之后没有 -- 的 multipart 请求体；required：得到错误码 3。",
        choices=("optional", "required"),
    )
    hosts: tuple[str, ...] = _setting(
        (),
        "Host names to accept (others get code 3); repeatable or comma-separated. Any by default.",
        "接受的主机名，其他的得到错误码 3；可重复，或用逗号分隔。默认全部接受。",
    )
    cors_origins: tuple[str, ...] = _setting(
        (),
        "Origins whose pages may call the operation from a browser; repeatable or comma-separated. Any by default.",
        "允许从浏览器调用该接口的页面来源；可重复，或用逗号分隔。默认全部允许。",
    )
    no_cors: bool = _setting(
        False, "Do not let pages of other origins call the operation.", "不允许其他来源的页面调用该接口。"
    )
    seed: int = _setting(
        0,
        "Seed of rates and random delays: the same seed repeats the same run.",
        "概率与随机延迟的种子：种子相同，结果相同。",
    )
    no_hints: bool = _setting(False, "Send no X-Mockface-… headers.", "不发送 X-Mockface-… 响应头。")
    deny_real_ids: bool = _setting(
        False,
        "Refuse numbers that look like a real person's: in scenario files, and in calls with code 21.",
        "拒绝看起来属于真人的号码：场景文件中报错，调用时得到错误码 21。",
    )
    journal: int = _setting(1000, "Number of latest calls that the journal keeps.", "保留最近多少次调用的记录。", low=1)
    show_pii: bool = _setting(
        False,
        "Show all numbers and names in the journal unmasked; by default only those of reserved numbers are.",
        "在记录中原样显示号码和姓名；默认只对保留号段原样显示。",
    )
    admin_token: str = _setting(
        "",
        "Token that the API under /_mockface/ requires from other machines. None by default.",
        "其他机器使用 /_mockface/ 接口时须出示的令牌。默认不需要。",
    )
    admin_hosts: tuple[str, ...] = _setting(
        (),
        "Additional host names for the console and the API under /_mockface/, such as "
        "host.docker.internal; repeatable or comma-separated.",
        "控制台和 /_mockface/ 接口另外接受的主机名，例如 host.docker.internal；可重复，或用逗号分隔。",
    )
    no_admin: bool = _setting(
        False,
        "Remove the console and the API under /_mockface/, except for its health.",
        "去掉控制台和 /_mockface/ 接口，只保留 health。",
    )
    body_limit: int = _setting(
        BODY_LIMIT_BYTES,
        "Largest body in bytes; a larger one gets code 23.",
        "请求体的最大字节数；超过则得到错误码 23。",
        low=1,
    )
    drain_limit: int = _setting(
        64 * 1024 * 1024,
        "Bytes of a refused upload that are still read and discarded, so that the client can read its answer.",
        "拒绝上传后继续读取并丢弃的字节数，使客户端能读到响应。",
        low=0,
    )
    drain_seconds: float = _setting(
        10.0,
        "Seconds for which a refused upload is still read and discarded.",
        "拒绝上传后继续读取并丢弃的秒数。",
        low=0,
    )
    store: str = _setting(
        "",
        "URL of a Redis or Valkey that servers share, so that they answer as one: redis://host:6379/0, rediss:// for "
        "TLS, with ?prefix=NAME. Needs mockface[redis]. None by default.",
        "多个服务器共享的 Redis 或 Valkey 的 URL，使它们如同一个：redis://host:6379/0，TLS 用 rediss://，可加 "
        "?prefix=名称。需要 mockface[redis]。默认没有。",
    )
    workers: int = _setting(
        1,
        "Number of processes that serve the port; more than one need --store.",
        "为端口服务的进程数；多于一个时需要 --store。",
        low=1,
    )
    ready_file: str = _setting(
        "",
        "File for one line of JSON (url, admin_url, pid), written once the server listens, removed when it stops.",
        "服务开始监听后写入一行 JSON（url、admin_url、pid）的文件；服务停止时删除。",
    )
    head_seconds: float = _setting(
        30.0, "Seconds in which the head of a request must arrive.", "接收完整请求头的时限（秒）。", low=0.1
    )
    body_seconds: float = _setting(
        60.0,
        "Seconds in which the body of a request must arrive, and in which the client must read the answer.",
        "接收完整请求体的时限，也是客户端取走响应的时限（秒）。",
        low=0.1,
    )
    idle_seconds: float = _setting(
        75.0, "Seconds for which a connection may be open without a request.", "没有请求的连接最多保持的秒数。", low=0.1
    )
    connections: int = _setting(
        10_000,
        "Limit of open connections, lower if the system allows fewer files; at the limit the longest idle is closed.",
        "最多同时打开的连接数，受系统文件数限制；满时关闭空闲最久的连接。",
        low=1,
    )
    log_level: str = _setting(
        "info",
        "Log level on standard error: info has a line for each call.",
        "输出到标准错误的日志级别：info 为每次调用一行。",
        choices=("debug", "info", "warning", "error", "off"),
    )
    log_format: str = _setting(
        "auto",
        "auto: text on a terminal, JSON lines otherwise; text; json.",
        "auto：终端上为文本，否则每行一个 JSON；text；json。",
        choices=("auto", "text", "json"),
    )
    http: str = _setting(
        "httptools",
        "HTTP parser: httptools, the fast parser; h11, the strict one; plain, stock uvicorn and ASGI.",
        "HTTP 解析器：httptools 为快速解析器，h11 为严格解析器，plain 为原样的 uvicorn 与 ASGI。",
        choices=("httptools", "h11", "plain"),
    )

    def __post_init__(self) -> None:
        """Refuse values that no server could run with (ValueError)."""
        for row in fields(self):
            _must_fit(row, getattr(self, row.name))
        for name in ("port", "tls_port"):
            if not 0 <= getattr(self, name) <= 65535:
                raise ValueError(f"{flag(name)} {getattr(self, name)}: expected 0 to 65535")
        if self.no_cors and self.cors_origins:
            raise ValueError("--no-cors allows no origin, but --cors-origins allows some; use only one of them")
        if self.no_admin and self.admin_hosts:
            raise ValueError("--no-admin removes the API, but --admin-hosts allows hosts for it; use only one of them")
        if not re.fullmatch(r"([!-~]([ -~]*[!-~])?)?", self.admin_token):
            raise ValueError(
                "--admin-token cannot be sent in a header; expected printable ASCII without leading or trailing spaces"
            )
        if not self.host.strip():
            raise ValueError("--host is empty; expected an address such as 127.0.0.1, or 0.0.0.0 for every address")
        self._check_names()
        self._check_tls()
        self._check_store()

    def _check_store(self) -> None:
        if self.store:
            try:
                store_address(self.store)
            except ValueError as fault:
                raise ValueError(f"--store: {fault}") from fault
            if self.show_pii:
                raise ValueError(
                    "--show-pii keeps persons as they came, but with --store the journal is shared, and no person "
                    "reaches the store; use only one of them"
                )
        elif self.workers > 1:
            raise ValueError(
                f"--workers {self.workers} needs --store: processes share no counters, scenarios and journal without; "
                "--store redis://127.0.0.1:6379 shares them, one process needs none"
            )

    def _check_names(self) -> None:
        for setting, as_sent in (
            ("hosts", host_as_sent),
            ("admin_hosts", host_as_sent),
            ("cors_origins", origin_as_sent),
        ):
            for given in getattr(self, setting):
                try:
                    as_sent(given)
                except ValueError as fault:
                    raise ValueError(f"{flag(setting)}: {fault}") from fault

    def _check_tls(self) -> None:
        if bool(self.tls_cert) != bool(self.tls_key):
            given, missing = ("--tls-cert", "--tls-key") if self.tls_cert else ("--tls-key", "--tls-cert")
            raise ValueError(f"{given} also needs {missing}; 'mockface tls init DIR' creates both")
        if self.tls == "auto" and self.tls_cert:
            raise ValueError("--tls auto creates a certificate, but --tls-cert gives one; use only one of them")
        for name in ("tls_names", "tls_ca_out"):
            if getattr(self, name) and self.tls != "auto":
                raise ValueError(f"{flag(name)} applies only to --tls auto, which is not given")
        if self.serves_tls and self.port == self.tls_port != 0:
            raise ValueError(f"--port and --tls-port are both {self.port}; HTTP and HTTPS need different ports")

    @property
    def shown(self) -> dict[str, Any]:
        """All settings by name, without the token and the secret of the store's URL."""
        given = {name: value for name, value in asdict(self).items() if name != "admin_token"}
        return {**given, "store": store_address(self.store).shown} if self.store else given

    @property
    def serves_tls(self) -> bool:
        """Whether HTTPS is served in addition to HTTP."""
        return self.tls == "auto" or bool(self.tls_cert)


TABLE = fields(Settings)
"""One dataclass field per setting; `metadata` has the help in both languages, and the choices or the lowest value."""


def flag(name: str) -> str:
    """The command-line flag of a setting."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return ENV_PREFIX + name.upper()
