"""Every mistake is reported at once, at its place, in words that help."""

import pytest

from readiness.loading import ChecklistError, load, validate
from support.checklists import Loader, with_items

_WHOLE = with_items("- {id: a, title: T, check: plain}\n")


def test_the_example_of_the_design(loader: Loader) -> None:
    above = "version: 1\nproject: p\nsections: [{title: T, items: [{id: a, title: A, check: plain,\n\n"
    content = f"{above}    severty: blocker}}]}}]\n"
    assert str(loader.refused(content)) == (
        "error: unknown field `severty`\n"
        " --> readiness.yaml:5:5\n"
        "5 |     severty: blocker}]}]\n"
        "  |     ^^^^^^^ did you mean `severity`?"
    )


def test_all_mistakes_are_reported_at_once_sorted_by_place(loader: Loader) -> None:
    content = with_items(
        """
        - id: a
          title: A
          check: mesured
          severty: blocker
          severity: Blocker
          needs: [b, c]
          timeout: "5"
        - id: b
          check: measured
          needs: [a]
          with:
            sources:
              - {path: x, metric: line, minimum: "95"}
            max_age: 5x
            strct: true
        - id: b
          title: B again
          check: plain
        """,
        head="release: 3.0\nrelase: x\n",
    )
    assert loader.mistakes(content) == [
        (3, 10, "`release` must be text, not a number"),
        (4, 1, "unknown field `relase`"),
        (10, 16, "unknown check `mesured`"),
        (11, 9, "unknown field `severty`"),
        (12, 19, "`severity` must be `blocker`, `warning` or `info`, not `Blocker`"),
        (13, 20, "no item has the id `c`"),
        (14, 18, "`timeout` must be a number, not text"),
        (15, 9, "`title` is missing in entry 2 of `items`"),
        (17, 17, "`needs` goes in a circle: a -> b -> a"),
        (20, 33, "`metric` must be `lines` or `branches`, not `line`"),
        (20, 48, "`minimum` must be a number, not text"),
        (21, 20, "`max_age`: `5x` is not a length of time: write a number and s, m, h, d or w, for instance 30d"),
        (22, 11, "unknown parameter of check `measured`: `strct`"),
        (23, 13, "the id `b` is there twice"),
    ]


def params(written: str) -> str:
    return with_items(f"- id: a\n  title: A\n  check: measured\n  with: {written}\n")


@pytest.mark.parametrize(
    ("written", "message", "help_"),
    [
        ("{sources: x}", "`sources` must be a list, not text", "put it in `[ ]`"),
        ("{sources: {}}", "`sources` must be a list, not a map", ""),
        ("{sources: }", "`sources` has no value: it must be a list", ""),
        ("{sources: [x]}", "entry 1 of `sources` must be a map, not text", ""),
        ("{sources: [{path: x}]}", "`minimum` is missing in entry 1 of `sources`", ""),
        ("{sources: [{path: 1, minimum: 1}]}", "`path` must be text, not a number", 'quote it: `"1"`'),
        ("{sources: [], strict: yes}", "`strict` must be `true` or `false`, not text", "write `true`"),
        ("{sources: [], strict: 1}", "`strict` must be `true` or `false`, not a number", ""),
        ("{sources: [], level: 1.2}", "`level` must be text, not a number", 'quote it: `"1.2"`'),
        ("{sources: [], level: '1.1'}", "`level` must be `1.2` or `1.3`, not `1.1`", ""),
        ("{sources: [], ignore: [1]}", "entry 1 of `ignore` must be text or a map, not a number", 'quote it: `"1"`'),
        ("{sources: [], ignore: [{name: x}]}", "`reason` is missing in entry 1 of `ignore`", ""),
        ("{sources: [], ignore: [{name: x, reason: y, z: 1}]}", "unknown parameter of check `measured`: `z`", ""),
        ("{sources: [], labels: {a: 1.5}}", "`a` must be a whole number, not 1.5", ""),
        ("{}", "`sources` is missing in `with`", ""),
        ("", "`sources` is missing in `with`", ""),
        ("[]", "`with` must be a map of the check's parameters", ""),
        ("{sources: [], max_age: 5}", "`max_age`: write a number and s, m, h, d or w, for instance 30d", ""),
    ],
)
def test_parameters_of_a_wrong_type_are_told_in_words(loader: Loader, written: str, message: str, help_: str) -> None:
    mistake = loader.mistake(params(written))
    assert (mistake.message, mistake.help) == (message, help_)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("roles: {legal: a@example.com}\n", "`legal` must be a list, not text"),
        ("roles: {'a b': []}\n", "the name `a b` holds a space"),
        ("environments: {pr\u043ed: {}}\n", "the name `pr\u043ed` holds `\u043e` (CYRILLIC SMALL LETTER O)"),
        ("environments: {prod: {x: [1]}}\n", "`x` must be text, a number or `true` or `false`, not a list"),
        ("environments: {prod: {x: }}\n", "`x` has no value: it must be text, a number or `true` or `false`"),
        ("environments: [prod]\n", "`environments` must be a map, not a list"),
        ("services: {api: {}}\n", "`run` is missing in `api`"),
        ("services: {api: {run: 5}}\n", "`run` must be text or a list, not a number"),
        ("services: {api: {run: [a, 5]}}\n", "entry 2 of `run` must be text, not a number"),
        ("services: {api: {run: a, port: 1}}\n", "unknown field `port`"),
        ("services: {api: {run: a, timeout: 9999}}\n", "`timeout` must be at most 3600, not 9999"),
        ("services: []\n", "`services` must be a map, not a list"),
        ("root: /etc\n", "unknown field `root`"),
        ("source: x\n", "unknown field `source`"),
        ("sha256: x\n", "unknown field `sha256`"),
        ("environment: x\n", "unknown field `environment`"),
        ('release: "3\\n0"\n', "`release` must be one line of characters that can be shown"),
        ("release: ${tag}\n", "references are replaced under `with` and `services` only"),
    ],
)
def test_mistakes_above_the_sections(loader: Loader, head: str, message: str) -> None:
    assert loader.mistake(with_items("- {id: a, title: A, check: plain}\n", head=head)).message == message


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("id: a b", "`id` holds a space"),
        ("id: ''", "`id` is empty"),
        ("id: -a", "`id` begins with `-`"),
        (f"id: {'a' * 101}", "`id` is longer than 100 characters"),
        ("id: 12", "`id` must be text, not a number"),
        ("title: ''", "`title` is empty"),
        ("title: 'a\n\n  b'", "`title` must be one line of characters that can be shown"),
        ('title: "a\\e[2Jb"', "`title` must be one line of characters that can be shown"),
        ("title: \u3164", "`title` must be one line of characters that can be shown"),
        ('title: " \u3000"', "`title` holds only white space"),
        ("title: ad\u200dmin", "`title` must be one line of characters that can be shown"),
        ('owner: "\\u202eabc"', "`owner` must be one line of characters that can be shown"),
        ("title: [a]", "`title` must be text, not a list"),
        ("timeout: 0", "`timeout` must be more than 0, not 0"),
        ("timeout: true", "`timeout` must be a number, not `true`"),
        ("severity: ", "`severity` has no value: it must be `blocker`, `warning` or `info`"),
        ("severity: [x]", "`severity` must be `blocker`, `warning` or `info`, not a list"),
        ("controls: ['']", "entry 1 of `controls` is empty"),
        ('controls: [A, "SOC2:\\u202eCC8"]', "entry 2 of `controls` must be one line of characters that can be shown"),
        ("needs: [a]", "item `a` needs itself"),
        ("needs: b", "`needs` must be a list, not text"),
        ("source: {}", "unknown field `source`"),
        ("params: {}", "unknown field `params`"),
        ("check: 3", "`check` must be text, not a number"),
    ],
)
def test_mistakes_of_an_item(loader: Loader, field: str, message: str) -> None:
    fields = {"id": "a", "title": "A", "check": "plain"}
    key, _, value = field.partition(": ")
    fields[key] = value
    content = with_items("- " + "\n  ".join(f"{key}: {value}" for key, value in fields.items()) + "\n")
    assert loader.mistake(content).message == message


@pytest.mark.parametrize("version", ["2", "1.0", "true", "'1'", "", "[1]"])
def test_only_the_whole_number_one_is_a_version(loader: Loader, version: str) -> None:
    content = with_items("- {id: a, title: A, check: plain}\n").replace("version: 1", f"version: {version}")
    assert "`version`" in loader.mistake(content).message


def test_no_sections_and_no_items_are_refused(loader: Loader) -> None:
    assert loader.mistake("version: 1\nproject: p\nsections: []\n").message == "`sections` is empty"
    assert loader.mistakes("version: 1\nproject: p\nsections:\n  - {title: T, items: []}\n") == [
        (4, 23, "`items` is empty")
    ]
    assert loader.mistakes("{}") == [
        (1, 1, "`version` is missing"),
        (1, 1, "`project` is missing"),
        (1, 1, "`sections` is missing"),
    ]


def test_an_unknown_check_lists_those_that_are_installed(loader: Loader) -> None:
    mistake = loader.mistake(with_items("- {id: a, title: A, check: zzz}\n"))
    assert mistake.message == "unknown check `zzz`"
    assert mistake.help == ""
    assert mistake.note.startswith("installed checks: ")
    assert {"measured", "plain", "broken", "junit"} <= set(mistake.note.removeprefix("installed checks: ").split(", "))


def test_items_of_a_check_that_cannot_be_imported_are_kept(loader: Loader) -> None:
    checklist = loader.load(with_items("- {id: a, title: A, check: broken, with: {what: ever}}\n" * 1))
    assert [(item.check, item.params) for item in checklist.items] == [("broken", {"what": "ever"})]


def test_each_circle_is_shown_once_and_a_long_one_is_cut(loader: Loader) -> None:
    items = [f"- {{id: i{n}, title: T, check: plain, needs: [i{(n + 1) % 5000}]}}\n" for n in range(5000)]
    mistake = loader.mistake(with_items("".join(items)))
    assert mistake.message.startswith("`needs` goes in a circle: i0 -> i1 -> ")
    assert mistake.message.endswith("i9 -> ... 4990 more ... -> i0")
    two = with_items(
        """
        - {id: a, title: T, check: plain, needs: [b]}
        - {id: b, title: T, check: plain, needs: [a]}
        - {id: c, title: T, check: plain, needs: [d, a]}
        - {id: d, title: T, check: plain, needs: [c]}
        - {id: e, title: T, check: plain, needs: [a, c]}
        """
    )
    assert [message for _, _, message in loader.mistakes(two)] == [
        "`needs` goes in a circle: a -> b -> a",
        "`needs` goes in a circle: c -> d -> c",
    ]


def test_a_diamond_is_no_circle(loader: Loader) -> None:
    content = with_items(
        """
        - {id: a, title: T, check: plain, needs: [b, c]}
        - {id: b, title: T, check: plain, needs: [d]}
        - {id: c, title: T, check: plain, needs: [d]}
        - {id: d, title: T, check: plain}
        """
    )
    assert [item.needs for item in loader.load(content).items] == [("b", "c"), ("d",), ("d",), ()]


def test_misspelt_words_bring_the_right_one(loader: Loader) -> None:
    content = with_items(
        """
        - {id: unit-tests, title: T, check: plain}
        - {id: b, title: T, check: plan, needs: [unit-test], dependson: []}
        """
    )
    assert [one.help for one in loader.refused(content).diagnostics] == [
        "did you mean `plain`?",
        "did you mean `unit-tests`?",
        "parameters of the check stand under `with`",
    ]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (_WHOLE + "items: []\n", "`items` belongs to a section"),
        (_WHOLE + "severity: warning\n", "`severity` belongs to an item"),
        (_WHOLE + "owners: legal\n", "`owners` belongs to `policy`"),
        (_WHOLE + "policy: {owner: legal}\n", "did you mean `owners`?"),
        (_WHOLE + "policy: {longest: {blocker: 3d}}\n", "`longest` belongs to `waivers` of `policy`"),
        ("version: 1\nproject: p\nsections:\n- {title: s, items: [], roles: {a: [a@example.com]}}\n",
         "`roles` belongs to the top level of the file"),
        ("version: 1\nproject: p\nsections:\n- {title: s, items: [], needs: [a]}\n", "`needs` belongs to an item"),
        (with_items("- {title: inner, items: []}\n"), "`items` belongs to a section"),
        (with_items("- {id: a, title: T, check: plain, run: make}\n"), "parameters of the check stand under `with`"),
        (with_items("- {id: a, title: T, check: plain, with: {severity: info}}\n"),
         "`severity` belongs to the item, beside `with`"),
    ],
)  # fmt: skip
def test_a_key_at_the_wrong_level_is_told_where_it_belongs(loader: Loader, content: str, hint: str) -> None:
    found = [one for one in loader.refused(content).diagnostics if one.message.startswith("unknown")]
    assert [one.help for one in found] == [hint]


def test_a_thousand_items_ask_the_host_once_for_equal_parameters(loader: Loader) -> None:
    items = "".join(f"- {{id: i{n}, title: T, check: plain, with: {{note: n{n % 3}}}}}\n" for n in range(1000))
    assert len(list(loader.load(with_items(items)).items)) == 1000
    assert loader.host.asked == 3


def test_without_a_host_checks_answer_from_worker_processes(loader: Loader) -> None:
    # The sample checks are only on the path of this process: no worker can import them, so their items are kept.
    loader.path.write_text(
        with_items("- {id: a, title: A, check: signoff, with: {rol: qa}}\n- {id: b, title: B, check: measured}\n")
    )
    assert [(one.line, one.message, one.help) for one in validate(loader.path)] == [
        (6, "`role` is missing in `with`", ""),
        (6, "unknown parameter of check `signoff`: `rol`", "did you mean `role`?"),
    ]
    loader.path.write_text(with_items("- {id: b, title: B, check: measured}\n"))
    assert [item.check for item in load(loader.path).items] == ["measured"]


def test_the_character_that_hides_in_a_title_is_named_with_its_place(loader: Loader) -> None:
    mistake = loader.mistake(with_items("- {id: a, title: ship\u3164it, check: plain}\n"))
    assert mistake.help == "remove the character \\u3164 at place 5 of 7"


def test_a_title_may_be_written_in_any_script_and_with_emoji(loader: Loader) -> None:
    title = "ship it 👩\u200d⚕\ufe0f می\u200cخواهم क्\u200dष"
    (item,) = loader.load(with_items(f"- {{id: a, title: {title}, check: plain}}\n")).items
    assert item.title == title


@pytest.mark.parametrize("release", ["3.0\u3164", "3.0\u00a0", "\u202e3.0", "3" * 101])
def test_a_release_that_is_chosen_holds_nothing_that_a_reader_cannot_see(loader: Loader, release: str) -> None:
    content = with_items("- {id: a, title: A, check: plain}\n")
    assert loader.load(content, release="3.0").release == "3.0"
    with pytest.raises(ChecklistError, match="is no release"):
        loader.load(content, release=release)


def test_a_phase_that_is_not_declared_is_a_mistake_that_tells_the_line_to_add(loader: Loader) -> None:
    item = "- {id: a, title: A, check: plain, phase: later}\n"
    mistake = loader.mistake(with_items(item))
    assert mistake.message == "no phase has the name `later`"
    assert mistake.help == "declare it at the top of the checklist: `phases: [pre-deploy, post-deploy, later]`"
    declared = with_items(item).replace("version: 1\n", "version: 1\nphases: [build, later]\n")
    assert loader.load(declared).phases == ("build", "later")
    near = loader.mistake(declared.replace("phase: later", "phase: laters"))
    assert (near.help, "phases: [build, later, laters]" in near.note) == ("did you mean `later`?", True)


def test_phases_that_are_not_declared_are_told_with_one_line_for_all_of_them(loader: Loader) -> None:
    phases = ("nightly", "weekly", "nightly", "predeploy")
    text = "".join(f"- {{id: a{n}, title: A, check: plain, phase: {phase}}}\n" for n, phase in enumerate(phases))
    found = loader.refused(with_items(text)).diagnostics
    line = "`phases: [pre-deploy, post-deploy, nightly, weekly]`"
    assert [one.help for one in found[:3]] == [f"declare it at the top of the checklist: {line}"] * 3
    assert (found[3].help, "weekly, predeploy]" in found[3].note) == ("did you mean `pre-deploy`?", True)


@pytest.mark.parametrize("value", ["[]", "later", "[1]", "['a b']"])
def test_phases_are_a_list_of_names(loader: Loader, value: str) -> None:
    content = with_items("- {id: a, title: A, check: plain}\n")
    assert "`phases`" in loader.mistake(content.replace("version: 1\n", f"version: 1\nphases: {value}\n")).message
