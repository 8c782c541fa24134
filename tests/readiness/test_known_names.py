from pathlib import Path

from readiness.known_names import names_in_checklist
from readiness.loading import load
from readiness.redaction import MASK, Redactor

CHECKLIST = """\
version: 1
project: billing
release: billing-1
environments: {harbour: {}}
roles: {wardens: [a@example.com]}
sections:
  - title: Billing quality
    items:
      - id: lantern-docs
        title: The lantern is documented
        owner: keepers
        controls: ["SOC2:CC8.1"]
        check: document
        with: {paths: ["docs/beacon.md"], sections: [sesame]}
      - {id: run, title: Runs, check: command, with: {run: "./deploy.sh sesame", env: {API_TOKEN: "opals/topaz"}}}
"""


def test_the_names_of_a_checklist_are_known_and_its_values_are_not(tmp_path: Path) -> None:
    (tmp_path / "readiness.yaml").write_text(CHECKLIST, encoding="utf-8")
    redactor = Redactor()
    names = ["billing", "billing-1", "harbour", "wardens", "Billing quality", "lantern-docs", "lantern", "keepers"]
    redactor.register(*names, "SOC2:CC8.1", "docs", "beacon", "sesame", "opals/topaz", "topaz")
    redactor.spare(*names_in_checklist(load(tmp_path / "readiness.yaml", environment="harbour")))
    for name in (*names, "SOC2:CC8.1", "docs", "beacon"):
        assert redactor.text(f"of={name}.") == f"of={name}."
    for value in ("sesame", "opals/topaz", "topaz"):
        assert redactor.text(f"of={value}.") == f"of={MASK}."
