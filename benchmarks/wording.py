"""The words of the table, in both languages."""

from __future__ import annotations

HEADS = {
    "en": ["what", "bare", "mockface", "beside bare", "by CPU time", "reach", "reached"],
    "zh": ["测量项", "空 ASGI 应用", "mockface", "与空应用之比", "按 CPU 时间", "目标", "达到"],
}
MARKS = {"en": {True: "yes", False: "no"}, "zh": {True: "是", False: "否"}}

WHAT = {
    "mix-16": (
        "mix of 60 numbers, 16 connections",
        "60 个号码的混合调用，16 个连接",
    ),
    "mix-16-tail": (
        "its latency: 50th percentile / 99th / longest; beside bare: the 99th",
        "其延迟：50 分位 / 99 分位 / 最长；与空应用之比取 99 分位",
    ),
    "json-16": ("small JSON, 16 connections", "小 JSON，16 个连接"),
    "json-16-verify": ("the same with `--signature verify`", "同上，`--signature verify`"),
    "json-64": ("small JSON, 64 connections", "小 JSON，64 个连接"),
    "json-64-verify": ("the same with `--signature verify`", "同上，`--signature verify`"),
    "multipart-100k": ("multipart 100 KiB, 16 connections", "multipart 100 KiB，16 个连接"),
    "multipart-100k-form": (
        "the same; bare: FastAPI with Form and UploadFile",
        "同上；空应用栏为使用 Form 和 UploadFile 的 FastAPI 应用",
    ),
    "multipart-5.5m": ("multipart 5.5 MiB, 16 at once", "multipart 5.5 MiB，同时 16 个"),
    "multipart-5.5m-memory": ("memory during these, peak / settled", "上述上传时的内存，峰值 / 稳定后"),
    "tc3-16": (
        "ImageRecognitionV2, 900 bytes of JSON, TC3 verified, 16 connections",
        "ImageRecognitionV2，900 字节 JSON，校验 TC3 签名，16 个连接",
    ),
    "tc3-3m": (
        "ImageRecognitionV2, 3 MB of JSON, TC3 verified; bare hashes the body",
        "ImageRecognitionV2，3 MB JSON，校验 TC3 签名；空应用计算请求体的哈希",
    ),
    "refused-64m": ("announced 64 MiB: refused after, median (99th percentile)", "声明 64 MiB：多久被拒绝，中位数（99 分位）"),
    "refused-64m-memory": ("memory that this adds", "由此增加的内存"),
    "refused-64m-sent": ("the same, clients sending all 64 MiB anyway", "同上，客户端仍发送全部 64 MiB"),
    "cold-start": ("exec to first right answer", "从启动到第一个正确响应"),
    "idle-memory": ("idle memory", "空闲内存"),
    "import": ("`import mockface`, exec to exit; bare: `pass`", "`import mockface`，启动到退出；空应用栏为 `pass`"),
    "sign": ("`mockface sign`", "`mockface sign`"),
    "id": ("`mockface id`", "`mockface id`"),
    "scenarios": ("100,000 scenarios; bare: 10", "100,000 个场景；空应用栏为 10 个"),
    "start-10000": ("start with 10,000 scenarios; bare: 10", "10,000 个场景时的启动；空应用栏为 10 个"),
    "start-100000": ("start with 100,000 scenarios; bare: 10", "100,000 个场景时的启动；空应用栏为 10 个"),
    "memory-100000": ("memory with 100,000, peak / settled; bare: 10", "100,000 个场景的内存，峰值 / 稳定后；空应用栏为 10 个"),
    "long-run": ("memory over {calls:,} calls; bare: at {early:,}", "{calls:,} 次调用后的内存；空应用栏为 {early:,} 次时"),
    "waiting": ("others, while 2,000 calls wait; bare: alone", "有 2,000 次调用在等待时，其他调用；空应用栏为单独时"),
    "late": (
        "others + 2,000 callers answered 1 s late each time; bare: alone",
        "其他调用 + 2,000 个每次延迟 1 秒的调用方；空应用栏为单独时",
    ),
    "handle-up": ("test handle up, imports and all", "测试用 Mockface 对象就绪（含导入）"),
    "handle-again": ("test handle up, imported already", "测试用 Mockface 对象就绪（已导入）"),
    "handle-steps": ("add a person, call, verify, reset", "添加人员、调用、核对、重置"),
}  # fmt: skip
"""Of each row what was measured, in English and Chinese."""

BESIDE = {"en": "; bare: ", "zh": "；空应用栏为"}
"""What parts the name of a row from what stands beside it instead of the bare app."""

PLOT = {
    "shares": (
        "Throughput beside the bare app, or as said (bar: median, line: lowest to highest round, red: to reach)",
        "与空应用（或括号所示）相比的吞吐（条：中位数，横线：各轮最低到最高，红线：目标）",
    ),
    "throughput": ("calls/s, thousands", "每秒千次调用"),
    "start": ("start, s", "启动时间（秒）"),
    "memory": ("memory at rest, MiB", "空闲内存（MiB）"),
    "calls": ("memory over calls, MiB", "多次调用的内存（MiB）"),
}
"""Titles of the drawing. The first three curves are over the number of scenarios."""

CONDITIONS = {
    "text": (
        "Measured {taken_at} at commit {commit}: {cpu}, {cores} cores, {memory_gib} GiB, Linux {kernel}; {python} ({built}), "
        "uvicorn {uvicorn}, httptools {httptools}, uvloop {uvloop}; load from wrk {wrk}; load average before: "
        "{load_average_before}.",
        "测量于 {taken_at}，提交 {commit}：{cpu}，{cores} 核，{memory_gib} GiB，Linux {kernel}；{python}（{built}），uvicorn "
        "{uvicorn}，httptools {httptools}，uvloop {uvloop}；负载由 wrk {wrk} 产生；开始前的平均负载：{load_average_before}。",
    ),
    "optimised": ("built with --enable-optimizations", "以 --enable-optimizations 构建"),
    "plain": ("built without --enable-optimizations", "未以 --enable-optimizations 构建"),
    "alt": ("Shares of the bare app's throughput, and growth curves", "与空应用相比的吞吐，以及增长曲线"),
}
"""Under what conditions the stored figures were taken."""

OTHERS = (
    "Other mock servers on the same machine, with 60 stubs that match the ID number in a JSON body; small JSON over 16 "
    "connections, the best of three runs each:",
    "同一机器上的其他模拟服务器：60 个按 JSON 请求体中的身份证号匹配的桩；小 JSON，16 个连接，各取三次中最好的一次：",
)
OTHERS_HEADS = {
    "en": [
        "server",
        "calls/s",
        "CPU time for each",
        "exec to first right answer",
        "memory at rest",
        "memory under load",
    ],
    "zh": ["服务器", "每秒调用", "每次 CPU 时间", "从启动到第一个正确响应", "空闲内存", "负载下内存"],
}
