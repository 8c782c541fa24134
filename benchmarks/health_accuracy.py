"""Measures the check `health` on documents in the shapes of the field, each judged by hand.

    python benchmarks/health_accuracy.py [FILE ...]

A file holds one document a line, as JSON: `product`, HTTP `status`, `kind` (media type), `body`, the `params` that a
checklist would give, and what is `right`. In a body, NOW stands for the moment, NOWTS for its seconds since 1970.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from urllib3 import HTTPHeaderDict

from readiness.checklist import Item
from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.health import Health
from readiness_checks.web.client import Answer
from readiness_checks.web.url import parse

DOCUMENTS = Path(__file__).parent / "health_documents.jsonl"
_URL = "http://127.0.0.1/health"


def answered(document: dict[str, Any]) -> str:
    """What the check says of a document: the word of its status."""
    now = datetime.now(UTC)
    body = document["body"].replace("NOWTS", str(int(now.timestamp()))).replace("NOW", now.isoformat())
    headers = HTTPHeaderDict({"Content-Type": document["kind"]} if document["kind"] else {})
    answer = Answer(parse(_URL), document["status"], headers, body.encode(), 1.0)
    using = context(Path("/"), now=now, item=Item(id="health", title="Health", check="health"))
    try:
        return Health.model_validate({"url": _URL, **document["params"]}).judge(using, answer).status.value
    except CheckError:
        return "error"


def documents(path: Path = DOCUMENTS) -> list[dict[str, Any]]:
    """The documents of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Measure, and print what is wrong."""
    for path in [Path(each) for each in sys.argv[1:]] or [DOCUMENTS]:
        outcomes: Counter[bool] = Counter()
        for document in documents(path):
            said = answered(document)
            outcomes[said == document["right"]] += 1
            if said != document["right"]:
                print(f"    {document['product']}: {said}, right is {document['right']}")
        print(f"health: {outcomes[True]} of {outcomes.total()} documents right")


if __name__ == "__main__":
    main()
