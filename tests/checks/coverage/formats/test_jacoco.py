"""JaCoCo XML: lines, branches, instructions and methods, of one module or of several."""

from pathlib import Path

import pytest

from support.coverage_reports import measure, refused, value, values

FOO = """<package name="org/shop">
<class name="org/shop/Cart" sourcefilename="Cart.java">
<method name="add" desc="()V" line="3"><counter type="METHOD" missed="0" covered="1"/></method>
<method name="sum" desc="()I" line="7"><counter type="METHOD" missed="1" covered="0"/></method>
</class>
<sourcefile name="Cart.java">
<line nr="3" mi="0" ci="4" mb="1" cb="1"/>
<line nr="4" mi="1" ci="2" mb="0" cb="0"/>
<line nr="7" mi="3" ci="0" mb="0" cb="0"/>
<counter type="INSTRUCTION" missed="4" covered="6"/><counter type="BRANCH" missed="1" covered="1"/>
<counter type="LINE" missed="1" covered="2"/>
</sourcefile></package>"""
TOTALS = """<counter type="INSTRUCTION" missed="4" covered="6"/><counter type="BRANCH" missed="1" covered="1"/>
<counter type="LINE" missed="1" covered="2"/><counter type="METHOD" missed="1" covered="1"/>"""
REPORT = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">
<report name="shop"><sessioninfo id="ci-1" start="1" dump="0"/>{FOO}{TOTALS}</report>"""
CART = "src/main/java/org/shop/Cart.java"


def test_every_metric_is_counted_from_the_lines(tmp_path: Path) -> None:
    assert values(tmp_path, REPORT, [CART]) == {
        "lines": 66.6666,
        "branches": 50.0,
        "functions": 50.0,
        "statements": 60.0,
    }


def test_a_test_run_that_ended_before_the_source_was_written_is_stale(tmp_path: Path) -> None:
    refused(measure(tmp_path, REPORT.replace('dump="0"', 'dump="1000000000000"'), sources=[CART]), "stale")


def report(inner: str) -> str:
    return f'<report name="all">{inner}</report>'


def test_modules_of_a_build_are_found_each_by_its_packages(tmp_path: Path) -> None:
    other = FOO.replace("org/shop", "org/bill")
    both = report(FOO + other)
    places = [f"web/{CART}", "bill/src/main/kotlin/org/bill/Cart.java"]
    assert value(measure(tmp_path, both, sources=places)) == 66.6666


def test_a_package_that_two_modules_have_is_told_apart_by_the_name_of_the_module(tmp_path: Path) -> None:
    lines = "\n".join(line for line in FOO.splitlines() if "<counter" not in line or "METHOD" in line)
    opposite = lines.replace("ci=", "x=").replace("mi=", "ci=").replace("x=", "mi=")
    both = report(f'<group name="web">{lines}</group><group name="bill">{opposite}</group>')
    places = [f"web/{CART}", f"bill/{CART}"]
    outcome = measure(tmp_path, both, sources=places)
    assert value(outcome) == 66.6666  # 2 of 3, and the other 2 of 3
    assert {finding.path for finding in outcome.findings} == set(places)


def test_a_package_that_fits_two_folders_is_refused(tmp_path: Path) -> None:
    refused(measure(tmp_path, report(FOO), sources=[f"web/{CART}", f"old/{CART}"]), "fits several folders")


def test_kotlin_leaves_out_the_folders_that_all_packages_begin_with(tmp_path: Path) -> None:
    deeper = FOO.replace("org/shop", "org/shop/bill")
    places = ["app/src/main/kotlin/Cart.java", "app/src/main/kotlin/bill/Cart.java"]
    assert value(measure(tmp_path, report(FOO + deeper), sources=places)) == 66.6666


def test_instructions_without_a_line_count_as_statements(tmp_path: Path) -> None:
    groovy = report(FOO.replace('"INSTRUCTION" missed="4" covered="6"', '"INSTRUCTION" missed="4" covered="16"'))
    assert value(measure(tmp_path, groovy, "statements", sources=[CART])) == 80.0
    assert value(measure(tmp_path, groovy, sources=[CART])) == 66.6666


def test_classes_of_old_reports_belong_to_the_file_of_their_name(tmp_path: Path) -> None:
    assert (
        value(measure(tmp_path, report(FOO.replace(' sourcefilename="Cart.java"', "")), "functions", sources=[CART]))
        == 50.0
    )


def test_gcovr_writes_lines_without_instructions_and_gives_sums_alone(tmp_path: Path) -> None:
    text = report(
        '<package name=""><sourcefile name="src/a.js"><line nr="3"/><line nr="9" mb="2" cb="6"/>'
        '<counter type="LINE" missed="1" covered="3"/><counter type="BRANCH" missed="2" covered="6"/></sourcefile>'
        "</package>"
    )
    assert values(tmp_path, text) == {"lines": 75.0, "branches": 75.0}


INNER, LAST = '"LINE" missed="1" covered="2"/>\n</sourcefile>', '"LINE" missed="1" covered="2"/><counter type="METHOD"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (INNER, INNER.replace("1", "0").replace("2", "3"), "LINE of Cart.java is 3 of 3"),
        (LAST, LAST.replace("1", "0").replace("2", "3"), "LINE is 3 of 3"),
        ('missed="4" covered="6"', 'missed="4" covered="5"', "INSTRUCTION of Cart.java"),
        ('nr="4" mi="1" ci="2"', 'nr="4" mi="0" ci="0"', "line 4"),
        ('nr="4"', 'nr="3"', "line 3"),
        ('nr="4"', 'nr="x"', "no count"),
        ('nr="7"', 'nr="70"', "no line 70"),
        ("</report>", "", "not well-formed"),
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = REPORT
    assert old in text
    refused(measure(tmp_path, text.replace(old, new), sources=[CART]), said)


def test_counters_that_classes_do_not_give_are_an_error_where_these_are_asked_for(tmp_path: Path) -> None:
    text = REPORT.replace('"METHOD" missed="1" covered="1"/></report>', '"METHOD" missed="0" covered="2"/></report>')
    refused(measure(tmp_path, text, "functions", sources=[CART]), "METHOD is 2 of 2")
    assert value(measure(tmp_path, text, sources=[CART])) == 66.6666
