"""The release that a project says it is, and what is approved of it."""

from pathlib import Path

import pytest
import yaml

from readiness.init import compose, survey
from readiness.init.release import find_release
from readiness.init.tree import Tree
from support.repositories import commit_all


@pytest.mark.parametrize(
    ("name", "text", "release"),
    [
        ("pyproject.toml", '[project]\nname = "x"\nversion = "1.2.3"\n', "1.2.3"),
        ("pyproject.toml", '[tool.poetry]\nversion = "1.2.3rc1"\n', "1.2.3rc1"),
        ("Cargo.toml", '[package]\nname = "r"\nversion = "0.3.0"\n', "0.3.0"),
        ("Cargo.toml", '[workspace.package]\nversion = "4.0.0-beta.1"\n', "4.0.0-beta.1"),
        ("package.json", '{"version": "2.0.0"}', "2.0.0"),
        ("pom.xml", "<project><artifactId>y</artifactId><version>1.2</version></project>", "1.2"),
        ("pom.xml", "<project><parent><version>9</version></parent><version>1.2</version></project>", "1.2"),
        ("pom.xml", "<project><dependencies><version>9</version></dependencies></project>", ""),
        ("pom.xml", "<project><version>${revision}</version></project>", ""),
        ("build.gradle.kts", 'version = "5.1"\n', "5.1"),
        ("gradle.properties", "version=5.1\n", "5.1"),
        ("app.csproj", "<Project><Version>3.1.0</Version></Project>", "3.1.0"),
        ("mix.exs", 'version: "0.1.0",', "0.1.0"),
        ("VERSION", "7.0\n", "7.0"),
        ("setup.cfg", "[metadata]\nversion = attr: x.y\n", ""),
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n', ""),
        ("README.md", "version: 1\n", ""),
    ],
)
def test_the_version_of_the_project_is_found(tmp_path: Path, name: str, text: str, release: str) -> None:
    (tmp_path / name).write_text(text)
    assert find_release(Tree(tmp_path)) == release


def written(root: Path, **files: str) -> dict[str, object]:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_rs", ".rs").replace("_py", ".py").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    commit_all(root)
    found: dict[str, object] = yaml.safe_load(compose(survey(root)))
    return found


def test_the_approval_holds_for_the_release_and_the_source(tmp_path: Path) -> None:
    found = written(tmp_path, Cargo_toml='[package]\nversion = "0.3.0"\n', src__main_rs="", tests__a_rs="", docs__x="")
    assert found["release"] == "0.3.0"
    assert "covers: [src/**, Cargo.toml]" in compose(survey(tmp_path))


def test_coverage_says_which_files_it_has_to_measure(tmp_path: Path) -> None:
    report = "SF:/build/app/core/a.py\nend_of_record\nSF:main.py\nend_of_record\n"
    (tmp_path / "cov.lcov").write_text(f"TN:\n{report}")
    (tmp_path / ".gitignore").write_text("*.lcov\n")
    written(tmp_path, app__core__a_py="x = 1\n", app__b_py="x = 1\n", main_py="x = 1\n", other_py="", docs__c_py="")
    assert "files: [app/**/*.py, main.py]" in compose(survey(tmp_path))
