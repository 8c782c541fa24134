"""Settings of a running system are judged as such, in whatever folder they lie."""

import pytest

from support.made_up import PASSWORD
from support.searching import secrets_in


@pytest.mark.parametrize(
    "path",
    [
        "docs/.env.production",
        "examples/web/.env.prod",
        "demo/.env.live",
        "samples/app/application-prod.properties",
        "tests/values.production.yaml",
        "quickstart/production.env",
        "docs/prod.tfvars",
    ],
)
def test_a_file_of_production_is_no_example_in_a_folder_of_examples(path: str) -> None:
    assert secrets_in(f"API_TOKEN={PASSWORD}", path) == [PASSWORD]


@pytest.mark.parametrize(
    "path",
    [
        "docs/.env.production.example",
        "examples/production.md",
        "demo/.env.example",
        "api-docs/openapi.yaml",
        "test-fixtures/config.yaml",
        "orders-quickstart/config/app.properties",
        "docs/guide.md.j2",
    ],
)
def test_an_example_stays_one_by_its_name_or_its_folder(path: str) -> None:
    assert secrets_in(f"API_TOKEN={PASSWORD}", path) == []
