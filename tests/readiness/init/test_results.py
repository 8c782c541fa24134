"""Names of result files that a runner made become globs; names that a person chose stay."""

from fnmatch import fnmatch

import pytest

from readiness.init.results import result_globs


@pytest.mark.parametrize(
    ("names", "globs"),
    [
        (["junit.xml"], ["junit.xml"]),
        (["out/test-results.xml"], ["out/test-results.xml"]),
        (["target/surefire-reports/TEST-a.B.xml"], ["target/surefire-reports/TEST-*.xml"]),
        (
            ["core/target/surefire-reports/TEST-A.xml", "web/target/failsafe-reports/TEST-AIT.xml"],
            ["**/target/surefire-reports/TEST-*.xml", "**/target/failsafe-reports/TEST-*.xml"],
        ),
        (["build/test-results/test/TEST-A.xml"], ["build/test-results/**/TEST-*.xml"]),
        (["app/build/test-results/test/TEST-A.xml"], ["**/build/test-results/**/TEST-*.xml"]),
        (["reports/junit-1.xml"], ["reports/junit-*.xml"]),
        (["reports/junit_unit.xml"], ["reports/junit_*.xml"]),
        (["unit-junit.xml", "web.junit.xml"], ["*-junit.xml", "*.junit.xml"]),
        (["cypress/results-3f2a9c1d4e5b6a7f.xml"], ["cypress/results-*.xml"]),
        (["shard-2/junit.xml"], ["shard-*/junit.xml"]),
        (["TestResults/0f8fad5b-d9cb-469f-a165-70867728950e/junit.xml"], ["TestResults/*/junit.xml"]),
        (["out/2026-11-27T10-00-00/junit.xml"], ["out/*/junit.xml"]),
        (["out/com.acme.CartTest.xml"], ["out/*.xml"]),
        (["out/models.xml", "out/views.xml"], ["out/*.xml"]),
        (["out/e2e.xml"], ["out/e2e.xml"]),
        (["nightly.xml"], ["nightly.xml"]),
        (["py311/junit.xml"], ["py*/junit.xml"]),
        (["TestResults/ada_host_2026-11-27_10_00_00.trx"], ["TestResults/**/*.trx"]),
        (["a.Tests/TestResults/x/results.trx"], ["**/TestResults/**/*.trx"]),
        (["TestResults/TestResults/results.trx"], ["**/TestResults/**/*.trx"]),
        (["target/surefire-reports/a/TEST-B.xml"], ["target/surefire-reports/a/TEST-*.xml"]),
        (["my-target/surefire-reports/TEST-B.xml"], ["my-target/surefire-reports/TEST-*.xml"]),
    ],
)
def test_what_a_runner_numbers_or_names_becomes_a_glob(names: list[str], globs: list[str]) -> None:
    found = result_globs(names)
    assert list(found) == globs
    for name in names:
        assert any(fnmatch(name, glob.replace("**/", "*")) for glob in found)


def test_hundreds_of_classes_are_one_glob() -> None:
    assert result_globs([f"target/surefire-reports/TEST-a.T{n}.xml" for n in range(300)]) == (
        "target/surefire-reports/TEST-*.xml",
    )
