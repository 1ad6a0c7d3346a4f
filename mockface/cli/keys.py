"""`keys init`: the key pair with which a server decrypts encrypted fields of API 3.0."""

from __future__ import annotations

import base64
import shlex
from pathlib import Path

import click

from mockface.cli.group import main
from mockface.errors import CannotUseKeys

keys = click.Group("keys", help="Make keys for encrypted fields of API 3.0.")
main.add_command(keys)


@keys.command(
    "init",
    help="""Write an RSA key pair into FOLDER.

    'mockface serve --keys FOLDER' decrypts with its private key the fields that a client encrypted with its public
    key. Keys that are there already stay, so that clients which have the public key go on to work.
    """,
)
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:  # noqa: D103 - its text is help=
    from mockface.network.keys import KEY_BITS, PRIVATE_FILE, PUBLIC_FILE, fill

    try:
        new = fill(folder)
        public = (folder / PUBLIC_FILE).read_bytes()
    except CannotUseKeys as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault
    for name, whose in ((PRIVATE_FILE, "the server's; keep it out of the repository"), (PUBLIC_FILE, "the clients'")):
        state = f"new, RSA with {KEY_BITS} bits" if new[name] and new[PRIVATE_FILE] else "new" if new[name] else "kept"
        click.echo(f"{folder / name}: {state}; {whose}")
    click.echo(f"serve: mockface serve --keys {shlex.quote(str(folder))}")
    click.echo(
        f"encrypt: give {folder / PUBLIC_FILE} to the client, in the place of the RSA public key of the vendor's "
        "console; the vendor's encryption demos (Java, Go, Node) hold it as one line, its Base64:"
    )
    click.echo(base64.b64encode(public).decode())
