"""`samples`: writes test pictures and videos."""

from __future__ import annotations

from pathlib import Path

import click

from mockface.cli.group import main


@main.command(
    "samples",
    help="""Write synthetic test pictures and videos.

    JPEG, PNG, BMP, WEBP, GIFs, broken ones, bodies at the 6 MiB limit, and videos for the liveness operations; a
    README.md lists the code that each gets. They are computer-made, no real faces. 13 MB in all.
    """,
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=True))
def samples_(folder: Path) -> None:
    from mockface import samples
    from mockface.texts.columns import table

    files = samples.contents()
    for name, content in files.items():
        if (folder / name).exists() and (folder / name).read_bytes() != content:
            click.echo(f"mockface: {folder / name} already exists and is not changed; name another folder", err=True)
            raise SystemExit(2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as fault:
        click.echo(f"mockface: {folder} cannot be written: {fault.strerror or fault}", err=True)
        raise SystemExit(2) from fault
    rows = [
        (folder / sample.name, len(files[sample.name]), sample.code.number, sample.about) for sample in samples.SAMPLES
    ]
    click.echo(table(("file", "bytes", "code", "what it is"), rows))
    click.echo(f"{folder / 'README.md'} and {folder / 'manifest.json'} contain the same list")
