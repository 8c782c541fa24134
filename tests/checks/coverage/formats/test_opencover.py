"""OpenCover XML: sequence points, branch points and methods, with the paths of another machine."""

from pathlib import Path

import pytest

from support.coverage_reports import measure, refused, value, values

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<CoverageSession><Summary numSequencePoints="4" visitedSequencePoints="3" numBranchPoints="4" visitedBranchPoints="2"/>
<Modules><Module skippedDueTo="Filter"><ModuleName>System</ModuleName><Classes/></Module>
<Module><ModuleName>Shop</ModuleName>
<Files><File uid="1" fullPath="C:\\ci\\Src\\Cart.cs"/></Files><Classes><Class>
<Methods>
<Method><Name>Add()</Name><FileRef uid="1"/><SequencePoints>
<SequencePoint vc="2" sl="3" sc="1" el="4" ec="9" fileid="1"/>
<SequencePoint vc="1" sl="5" sc="1" el="5" ec="2"/>
<SequencePoint vc="1" sl="16707566" sc="0" el="16707566" ec="0" fileid="1"/>
</SequencePoints><BranchPoints><BranchPoint vc="1" sl="3" path="0" offset="7" fileid="1"/>
<BranchPoint vc="0" sl="3" path="1" offset="7" fileid="1"/></BranchPoints></Method>
<Method><Name>Sum()</Name><FileRef uid="1"/><SequencePoints>
<SequencePoint vc="0" sl="8" sc="1" el="8" ec="2" fileid="1"/>
</SequencePoints><BranchPoints/></Method></Methods></Class></Classes></Module></Modules></CoverageSession>"""
CART = ["Src/Cart.cs"]


def test_every_metric_is_counted_from_the_points(tmp_path: Path) -> None:
    assert values(tmp_path, REPORT, CART) == {"lines": 75.0, "branches": 50.0, "functions": 50.0, "statements": 66.6666}


def test_a_path_of_windows_fits_in_whatever_case_it_is(tmp_path: Path) -> None:
    assert value(measure(tmp_path, REPORT.replace("Src\\Cart", "src\\CART"), sources=CART)) == 75.0


def test_a_name_that_fits_two_files_but_for_capitals_is_refused(tmp_path: Path) -> None:
    text = REPORT.replace("Src\\Cart", "src\\CART")
    refused(measure(tmp_path, text, sources=["Src/Cart.cs", "Src/cart.cs"]), "not in the repository")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('visitedSequencePoints="3"', 'visitedSequencePoints="4"', "`Summary` is 4 of 4"),
        ('vc="0" sl="8"', 'sl="8"', "no `vc`"),
        ('vc="0" sl="8"', 'vc="-1" sl="8"', "no count"),
        ('vc="0" sl="8"', 'vc="0" sl="0"', "begins in line 0 and ends in line 8"),
        ('<File uid="1"', '<File uid="2"', "it names no file '1'"),
        ('sl="8" sc="1" el="8"', 'sl="80" sc="1" el="80"', "no line 80"),
        ("</CoverageSession>", "", "not well-formed"),
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in REPORT
    refused(measure(tmp_path, REPORT.replace(old, new), sources=CART), said)


def test_a_session_that_measured_nothing_is_an_error(tmp_path: Path) -> None:
    assert measure(tmp_path, "<CoverageSession><Modules/></CoverageSession>").status == "error"
