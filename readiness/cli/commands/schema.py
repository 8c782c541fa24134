"""`readiness schema`: print a JSON Schema."""

import click

from readiness.cli.errors import OK
from readiness.cli.options import epilog, flag
from readiness.cli.output.streams import emit_json


@click.command(epilog=epilog(examples=("schema > readiness.schema.json", "schema --report")))
@flag("--report", "of_report", about="Print the schema of the report that `-o run.json` writes.")
def schema(*, of_report: bool) -> int:
    """Print the JSON Schema (draft-07) of the checklist file, parameters of installed checks included.

    `readiness schema > readiness.schema.json` and the first line that `readiness init` writes make editors complete.
    """
    from readiness.engine.host import Host
    from readiness.loading.schema import checklist_schema, report_schema

    if of_report:
        document = report_schema()
    else:
        with Host() as host:
            document = checklist_schema(host)
    emit_json(document)
    return OK
