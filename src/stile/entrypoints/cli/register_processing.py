"""`stile register processing`: the record of processing of UK GDPR Art. 30."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from stile.domain.errors import WrongValue
from stile.domain.processing_record import Part
from stile.entrypoints import processing_table
from stile.entrypoints.cli.common import Data, Json, office, print_json, print_line

SAID = {Part.CONTROLLER: "As controller", Part.PROCESSOR: "For other controllers"}


def processing(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As it stood on that day; today otherwise.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write it to this file instead, one row an activity.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the record of processing (UK GDPR Art. 30): as controller, and for other controllers."""
    with office(data) as here:
        record = here.processing.record(as_of.date() if as_of else None)
    if csv is not None:
        try:
            csv.write_text(processing_table.as_csv(record), encoding="utf-8", newline="")
        except OSError as error:
            raise WrongValue(f"{csv} cannot be written: {error.strerror}.") from None
        print_line(f"Wrote {csv}.")
        return
    if json:
        print_json(processing_table.as_json(record))
        return
    print_line(f"Record of processing of {record.of.name}, {record.on.isoformat()}")
    for part, said in SAID.items():
        for activity in record.part(part):
            print_line(f"\n{said} ({part.value}): {activity.name}")
            for name, value in processing_table.cells(activity).items():
                if name not in ("part", "name"):
                    print_line(
                        f"  {processing_table.COLUMNS[name]}: {value.replace(chr(10), chr(10) + '    ')}"
                    )
    for one in record.outside:
        print_line(f"\nNot yours: {one.place}, {one.operator}")
