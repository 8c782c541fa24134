"""Compares the check `headers` with MDN's HTTP Observatory and with CSP Evaluator, on the cases of their own tests.

    python benchmarks/headers_accuracy.py [--observatory FOLDER] [--csp-evaluator FOLDER]

FOLDER is a checkout of mdn/mdn-http-observatory (with `npm install`; Node 22, and `{}` in conf/hsts-preload.json) or of
google/csp-evaluator (with `npm install` and `npx tsc`). Their tests run in a copy, which records what each test shows
to the tool and what the tool says. Counted is whether the check judges the same answer as strictly.
Every laxer case is shown; those in `docs/decisions/0038-where-headers-differ.md` are meant.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from urllib3 import HTTPHeaderDict

from readiness.outcome import Finding
from readiness_checks.headers.check import BASELINES
from readiness_checks.headers.page import Page
from readiness_checks.headers.sharing import FOREIGN
from readiness_checks.web.client import Answer
from readiness_checks.web.url import parse

_RANKS = {"none": 0, "note": 1, "warning": 2, "error": 3}
_SEVERITIES = {"HIGH": 3, "MEDIUM": 2, "SYNTAX": 2, "HIGH_MAYBE": 2, "MEDIUM_MAYBE": 1, "INFO": 1, "NONE": 0}
_AREAS = {
    "contentSecurityPolicyTest": "Content-Security-Policy",
    "redirectionTest": "redirects",
    "referrerPolicyTest": "Referrer-Policy",
    "strictTransportSecurityTest": "Strict-Transport-Security",
    "subresourceIntegrityTest": "scripts of others",
    "xContentTypeOptionsTest": "X-Content-Type-Options",
    "xFrameOptionsTest": "framing",
    "cookiesTest": "Set-Cookie",
    "crossOriginResourceSharingTest": "CORS",
    "crossOriginResourcePolicyTest": "isolation",
    "crossOriginOpenerPolicyTest": "isolation",
    "crossOriginEmbedderPolicyTest": "isolation",
}
_RULES = {
    "crossOriginResourcePolicyTest": "cross-origin-resource-policy",
    "crossOriginOpenerPolicyTest": "cross-origin-opener-policy",
    "crossOriginEmbedderPolicyTest": "cross-origin-embedder-policy",
}
_RECORDER = """
import __fs from "node:fs";
export function NAME(...a) {
  const flat = (x) => x && x.headers ? {status: x.status, headers: Object.entries(x.headers)} : null;
  const r = a[0], said = __inner_NAME(...a), cors = r.responses.cors?.request?.headers;
  __fs.appendFileSync("recorded.jsonl", JSON.stringify({test: "NAME", result: said.result, pass: said.pass,
    verified: r.responses.auto?.verified && !!r.responses.https,
    auto: flat(r.responses.auto), cors: flat(r.responses.cors),
    origin: cors ? Object.entries(cors).find(([k]) => k.toLowerCase() === "origin")?.[1] : null,
    hops: r.responses.httpRedirects, body: typeof r.resources.path === "string" ? r.resources.path : "",
    cookies: r.session?.jar?.toJSON().cookies ?? []}) + "\\n");
  return said;
}
"""
_EVALUATE = """
const fs = require("fs"), Jasmine = require("jasmine");
const parser = require("./dist/parser.js"), ev = require("./dist/evaluator.js"), fin = require("./dist/finding.js");
const seen = new Set(), parse = parser.CspParser.prototype.parse;
parser.CspParser.prototype.parse = function (t) { if (typeof t === "string") seen.add(t); return parse.call(this, t); };
const runner = new Jasmine(); runner.loadConfig({spec_dir: "dist", spec_files: ["**/*_test.js"], random: false});
runner.exit = () => {};
runner.onComplete(() => fs.writeFileSync("recorded.json", JSON.stringify([...seen].map((t) => ({policy: t, said:
  new ev.CspEvaluator(new parser.CspParser(t).csp).evaluate().map((f) => fin.Severity[f.severity])})))));
runner.execute();
"""


def main() -> None:
    """Measure, and print what is laxer."""
    parser = argparse.ArgumentParser(description="Compares the check `headers` with other tools, on their own tests.")
    parser.add_argument("--observatory", type=Path)
    parser.add_argument("--csp-evaluator", type=Path)
    asked = parser.parse_args()
    if asked.observatory:
        _report("HTTP Observatory", _observatory(asked.observatory))
    if asked.csp_evaluator:
        _report("CSP Evaluator", _evaluator(asked.csp_evaluator))


def _report(title: str, compared: Iterator[tuple[int, int, str]]) -> None:
    """Print how often the check is as strict as another tool: by its rank, the other's, and the case."""
    found: Counter[str] = Counter()
    for ours, theirs, case in compared:
        how = "laxer" if ours < theirs else "same" if ours == theirs else "stricter"
        found[how] += 1
        if how == "laxer":
            print(f"    {list(_RANKS)[ours]} for {list(_RANKS)[theirs]}: {case[:160]}")
    print(f"headers against {title}: {dict(found)}, of {found.total()}")


def _observatory(folder: Path) -> Iterator[tuple[int, int, str]]:
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "copy"
        shutil.copytree(folder, copy, symlinks=True)
        for path in (copy / "src/analyzer/tests").glob("*.js"):
            text = path.read_text()
            if match := re.search(r"export function (\w+Test)\(", text):
                inner = text.replace(match[0], f"function __inner_{match[1]}(", 1)
                path.write_text(inner + _RECORDER.replace("NAME", match[1]))
        for path in sorted((copy / "test").glob("*.test.js")):
            if path.name.removesuffix(".test.js") in {each.stem for each in (copy / "src/analyzer/tests").glob("*.js")}:
                subprocess.run(["node", "--test", str(path)], cwd=copy, check=False, capture_output=True)
        for line in (copy / "recorded.jsonl").read_text().splitlines():
            case = json.loads(line)
            if case["auto"] and not (case["test"] == "redirectionTest" and not case["hops"]):
                shown = f"{case['test']} {case['result']} {case['auto']['headers']}"
                yield _rank(case), 0 if case["pass"] else _RANKS["error"], shown


def _rank(case: dict[str, Any]) -> int:
    """The level of the worst finding about what a test of the Observatory is about."""
    page = _page(case)
    found = [each for each in BASELINES["recommended"][_AREAS[case["test"]]](page) if isinstance(each, Finding)]
    if not case["verified"]:  # served without TLS
        found += [each for each in BASELINES["recommended"]["redirects"](page) if isinstance(each, Finding)]
    rule = _RULES.get(case["test"])
    return max((_RANKS[each.level.value] for each in found if rule in {None, each.rule}), default=0)


def _page(case: dict[str, Any]) -> Page:
    url = "https://mozilla.org/" if case["verified"] else "http://mozilla.org/"
    answer = _answer(url, case["auto"], case["body"])
    again = _answer(url, case["cors"] or case["auto"])
    for cookie in case["cookies"]:
        answer.headers.add("Set-Cookie", _cookie(cookie))
    hops: tuple[Answer, ...] = (answer,)
    if case["test"] == "redirectionTest":
        hops = tuple(_answer(hop["url"], {"status": hop["status"], "headers": []}) for hop in case["hops"])
    if case["test"] == "crossOriginResourceSharingTest":
        allowed = again.headers.getlist("access-control-allow-origin")
        if case.get("origin") and allowed == [case["origin"]]:
            again.headers["access-control-allow-origin"] = FOREIGN
        else:
            hops = (again,)
    return Page(hops, again)


def _cookie(cookie: Mapping[str, Any]) -> str:
    words = {"domain": "Domain", "path": "Path", "sameSite": "SameSite"}
    parts = [f"{cookie['key']}={cookie.get('value', '')}"]
    parts += [f"{word}={cookie[key]}" for key, word in words.items() if cookie.get(key)]
    return "; ".join(parts + ["Secure"] * bool(cookie.get("secure")) + ["HttpOnly"] * bool(cookie.get("httpOnly")))


def _answer(url: str, said: Mapping[str, Any], body: str = "") -> Answer:
    headers = HTTPHeaderDict({"Content-Type": "text/html"})
    for name, value in said["headers"]:
        if name.lower() != "content-type":
            for each in value if isinstance(value, list) else [value]:
                headers.add(name, str(each))
    return Answer(parse(url), said["status"] or 200, headers, body.encode(), 1.0)


def _evaluator(folder: Path) -> Iterator[tuple[int, int, str]]:
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "copy"
        shutil.copytree(folder, copy, symlinks=True)
        (copy / "record.js").write_text(_EVALUATE)
        subprocess.run(["node", "record.js"], cwd=copy, check=True, capture_output=True)
        for case in json.loads((copy / "recorded.json").read_text()):
            said = {"status": 200, "headers": [["Content-Security-Policy", case["policy"]]]}
            page = Page((_answer("https://localhost/", said),), _answer("https://localhost/", {**said, "headers": []}))
            judge = BASELINES["recommended"]["Content-Security-Policy"]
            ours = max((_RANKS[each.level.value] for each in judge(page) if isinstance(each, Finding)), default=0)
            yield ours, max((_SEVERITIES[each] for each in case["said"]), default=0), case["policy"]


if __name__ == "__main__":
    main()
