from readiness_reports.view import verification
from support import reports


def test_what_weakens_the_verdict_is_said() -> None:
    assert verification.caveats(reports.go()) == ()
    assert any("dirty: 3 files differ" in caveat for caveat in verification.caveats(reports.no_go()))
    partial = verification.caveats(reports.incomplete())
    assert any("phase “pre-deploy”: 21 of 27 items" in caveat for caveat in partial)
    assert any("acme-ledger" in caveat for caveat in partial)
    stopped = verification.caveats(reports.interrupted())
    assert any("stopped before its end" in caveat for caveat in stopped)
    assert any("No commit identifies" in caveat for caveat in stopped)


def test_command_lines_can_be_pasted() -> None:
    report = reports.no_go()
    lines = [command.line for command in verification.commands(report)]
    assert f"git checkout {reports.COMMIT}" in lines
    assert "sha256sum -- readiness.yaml" in lines
    assert "readiness check --env production -o run.json -o report.html" in lines
    assert "readiness report run.json -o signoffs.html" in lines
    governed = [command.line for command in verification.commands(reports.governed())]
    assert "readiness check --env production --policy-ref origin/main -o run.json -o report.html" in governed
    odd = report.model_copy(update={"subject": report.subject.model_copy(update={"checklist": "-r; rm '$x'"})})
    assert "sha256sum -- '-r; rm '\"'\"'$x'\"'\"''" in [command.line for command in verification.commands(odd)]


def test_what_cannot_be_pasted_is_left_out() -> None:
    lines = " ".join(command.line for command in verification.commands(reports.hostile()))
    assert "git checkout" not in lines
    assert "yaml" not in lines
