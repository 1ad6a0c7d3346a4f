"""`tls init` and `tls trust`: creates certificates for https-only clients, and prints how a client trusts them."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

import click

from mockface.cli.group import main
from mockface.errors import CannotIssue

JAVA_PASSWORD = "changeit"  # noqa: S105 - the usual password of Java stores without secrets

tls = click.Group("tls", help="Create certificates and make clients trust them.")
main.add_command(tls)


@tls.command(
    "init",
    help="""Write a CA and a certificate into FOLDER.

    The certificate is for both host names of the vendor, localhost, 127.0.0.1, ::1, mockface, and each --name; the CA
    can sign only for these. An existing CA is kept and signs the new certificate, so that clients which trust it
    continue to; for a host that the CA does not cover, start with an empty folder.
    """,
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", "names", multiple=True, help="An additional host name or address; repeatable.")
def init(folder: Path, names: tuple[str, ...]) -> None:  # noqa: D103 - its text is help=
    from mockface.network import certificates

    wanted = certificates.all_names(names)
    try:
        fresh = certificates.fill(folder, wanted, time.time())
    except CannotIssue as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault
    ca = folder / certificates.CA_FILE
    click.echo(f"{ca}: {'new' if fresh else 'kept'}, valid for {certificates.CA_DAYS} days from its creation")
    click.echo(
        f"{folder / certificates.CERTIFICATE_FILE}: {', '.join(wanted)}; valid for {certificates.CERTIFICATE_DAYS} days"
    )
    if not fresh and certificates.can_sign_for_any_host(ca.read_bytes()):
        click.echo(
            f"mockface: {ca} can sign for any host, an earlier version created it; start with an empty folder for a CA "
            "that is limited to these names",
            err=True,
        )
    key, certificate = (
        shlex.quote(str(folder / file)) for file in (certificates.KEY_FILE, certificates.CERTIFICATE_FILE)
    )
    click.echo(f"serve: mockface --tls-cert {certificate} --tls-key {key}")
    click.echo(f"trust: mockface tls trust {shlex.quote(str(folder))}")


CLIENTS = ("python", "curl", "node", "java", "go", "php")


@tls.command(
    "trust",
    help="""Print commands that make clients trust the CA in FOLDER.

    FOLDER is the folder of 'tls init', or the CA's file itself. The output is a shell script:
    eval "$(mockface tls trust FOLDER --for curl)".
    """,
)
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@click.option("--for", "only", type=click.Choice(CLIENTS), help="Only the lines for this client.")
def trust(folder: Path, only: str | None) -> None:  # noqa: D103 - its text is help=
    from mockface.network.certificates import CA_FILE

    ca = folder / CA_FILE if folder.is_dir() else folder
    if not ca.is_file():
        click.echo(f"mockface: there is no {ca}; 'mockface tls init {folder}' creates it, or fetch it from a server "
                   f"with --tls auto: curl -o {CA_FILE} http://127.0.0.1:8641/_mockface/ca.pem", err=True)  # fmt: skip
        raise SystemExit(2)
    for client, lines in lines_for(ca.resolve()).items():
        if only in (None, client):
            click.echo("\n".join(lines))


def lines_for(ca: Path) -> dict[str, list[str]]:
    """Shell lines that make each client trust this CA."""
    file, store = shlex.quote(str(ca)), shlex.quote(str(ca.with_suffix(".p12")))
    java = f"-Djavax.net.ssl.trustStore={ca.with_suffix('.p12')} -Djavax.net.ssl.trustStorePassword={JAVA_PASSWORD}"
    return {
        "python": [
            "# Python: requests and the vendor's SDK, then ssl, urllib and httpx; replaces the CAs they trusted before",
            f"export REQUESTS_CA_BUNDLE={file}",
            f"export SSL_CERT_FILE={file}",
        ],
        "curl": [
            "# curl, replaces the CAs it trusted before; for one call: curl --cacert FILE",
            f"export CURL_CA_BUNDLE={file}",
        ],
        "node": ["# Node, in addition to the CAs it trusts", f"export NODE_EXTRA_CA_CERTS={file}"],
        "java": [
            "# Java, replaces the CAs it trusted before; to keep those, start with a copy of the JDK's cacerts",
            f"keytool -delete -alias mockface -keystore {store} -storepass {JAVA_PASSWORD} >/dev/null 2>&1 || true",
            f"keytool -importcert -noprompt -alias mockface -file {file} -keystore {store} -storetype PKCS12 "
            f"-storepass {JAVA_PASSWORD}",
            f"export JAVA_TOOL_OPTIONS={shlex.quote(java)}",
        ],
        "go": ["# Go on Linux, replaces the CAs it trusted before", f"export SSL_CERT_FILE={file}"],
        "php": [
            "# PHP, curl extension and streams: run php with these options, or put both into php.ini",
            f'php() {{ command php -d curl.cainfo={file} -d openssl.cafile={file} "$@"; }}',
        ],
    }
