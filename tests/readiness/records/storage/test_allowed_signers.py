"""The roster is a strict subset of OpenSSH's: what is taken means the same there, the rest is refused with its line."""

import base64
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.records.model.errors import RecordsError
from readiness.records.ssh.public_key import PublicKey
from readiness.records.ssh.wire import mpint, string
from readiness.records.storage.allowed_signers import Holder, Roster, parse_roster, read_roster
from support.costs import costs_at_most
from support.producers import CI, producer_key, producer_line
from support.signing import COUNSEL, PARALEGAL, key, public, roster_line

OPTIONS = 'namespaces="signoff@readiness",valid-before="20300101Z"'


def refused(allowed: str | bytes, revoked: str = "") -> tuple[str, int | None]:
    data = allowed.encode() if isinstance(allowed, str) else allowed
    with pytest.raises(RecordsError) as caught:
        parse_roster(data, revoked.encode())
    finding = caught.value.findings[0]
    assert finding.remedy
    return finding.message, finding.line


def test_lines_comments_and_blank_lines() -> None:
    text = f"# who may sign\n\n{roster_line(COUNSEL, key(COUNSEL))}  # indented\n" + roster_line(
        PARALEGAL, key(PARALEGAL), after="20260101Z", before="20261231235959Z"
    ).replace("\n", " a comment with spaces")
    read = parse_roster(text.encode())
    assert read.principals == {COUNSEL, PARALEGAL}
    found = read.find(public(key(PARALEGAL)))
    assert found is not None
    assert (found.line, found.valid_after) == (5, datetime(2026, 1, 1, tzinfo=UTC))
    assert found.valid_before == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert read.find(public(key("nobody"))) is None


def test_one_person_may_have_several_keys() -> None:
    read = parse_roster((roster_line(COUNSEL, key(COUNSEL)) + roster_line(COUNSEL, key("second"))).encode())
    assert len(read.signers) == 2
    assert read.principals == {COUNSEL}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            'a@example.com namespaces="signoff@readiness",valid-before="20300100Z" <line>',
            "no such year, month, day or time",
        ),
        (f"*@example.com {OPTIONS} <line>", "wildcards are not taken"),
        (f"a@example.com,b@example.com {OPTIONS} <line>", "not one literal name"),
        (f"!a@example.com {OPTIONS} <line>", "not one literal name"),
        (f"cöunsel@example.com {OPTIONS} <line>", "not one literal name"),
        (f'"a b" {OPTIONS} <line>', "not one literal name"),
        ("a@example.com <line>", "options"),
        ('a@example.com valid-before="20300101Z" <line>', "does not say namespaces"),
        ('a@example.com namespaces="*",valid-before="20300101Z" <line>', "does not say namespaces"),
        ('a@example.com namespaces="git,signoff@readiness",valid-before="20300101Z" <line>', "namespaces"),
        ('a@example.com namespaces="signoff@readiness" <line>', "trusted for ever"),
        (f"a@example.com cert-authority,{OPTIONS} <line>", "cert-authority is not taken"),
        (f"a@example.com {OPTIONS},{OPTIONS} <line>", "is there twice"),
        (f'a@example.com {OPTIONS},verify-required="yes" <line>', "only the options"),
        ('a@example.com namespaces="signoff@readiness",valid-before="20300101" <line>', "the Z, for UTC, is needed"),
        ('a@example.com namespaces="signoff@readiness",valid-before="20301301Z" <line>', "month"),
        (f'a@example.com {OPTIONS},valid-after="20300101Z" <line>', "not earlier than"),
        (f'a@example.com {OPTIONS},valid-after="19700101Z" <line>', "before 1970"),
        ('a@example.com namespaces="signoff@readiness",valid-before="00000101Z" <line>', "year"),
        (f"a@example.com {OPTIONS} ssh-ed25519 AAAA", "malformed"),
        (f"a@example.com {OPTIONS} ssh-ed25519 ????", "not base64"),
        (f"a@example.com {OPTIONS} ssh-rsa <key>", "but inside it is ssh-ed25519"),
        (f"a@example.com {OPTIONS} <line>\r", "carriage return"),
        (f"a@example.com {OPTIONS} <line> \u202e", "cannot see"),
        (f"\ufeffa@example.com {OPTIONS} <line>", "cannot see"),
    ],
)
def test_everything_else_is_refused_with_its_line(line: str, reason: str) -> None:
    kind_and_key = public(key(COUNSEL)).line
    line = line.replace("<line>", kind_and_key).replace("<key>", kind_and_key.split()[1])
    message, number = refused("# first\n" + line + "\n")
    assert reason in message
    assert number == 2


@pytest.mark.parametrize(
    ("kind", "numbers", "reason"),
    [
        ("ssh-rsa", (65537, 2**1023 + 1), "1024 bits; 2048 are the least"),
        ("ssh-dss", (2**1023 + 1, 2**159 + 1, 2, 3), "DSA keys are not taken"),
    ],
)
def test_weak_keys_are_refused(kind: str, numbers: tuple[int, ...], reason: str) -> None:
    blob = string(kind.encode()) + b"".join(mpint(number) for number in numbers)
    message, _line = refused(f"a@example.com {OPTIONS} {kind} {base64.b64encode(blob).decode()}\n")
    assert reason in message


def test_certificates_are_refused(tmp_path: Path) -> None:
    for name in ("ca", "user"):
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", tmp_path / name], check=True)
    args = ["ssh-keygen", "-q", "-s", tmp_path / "ca", "-I", "a", "-n", "a@example.com", tmp_path / "user.pub"]
    subprocess.run([str(arg) for arg in args], check=True)
    kind, blob = (tmp_path / "user-cert.pub").read_text().split()[:2]
    assert "certificates are not taken" in refused(f"a@example.com {OPTIONS} {kind} {blob}\n")[0]


def test_a_point_in_another_form_is_refused_so_that_one_key_has_one_spelling() -> None:
    path = key("anyone", "ecdsa256")
    material = public(path).material
    assert isinstance(material, ec.EllipticCurvePublicKey)
    point = material.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    kind = b"ecdsa-sha2-nistp256"
    blob = base64.b64encode(string(kind) + string(b"nistp256") + string(point)).decode()
    assert "uncompressed" in refused(f"a@example.com {OPTIONS} {kind.decode()} {blob}\n")[0]


def test_no_key_twice_and_no_person_in_two_spellings() -> None:
    assert (
        "stands in line 1 already"
        in refused(roster_line(COUNSEL, key(COUNSEL)) + roster_line(PARALEGAL, key(COUNSEL)))[0]
    )
    assert "stands in line 1 already" in refused(roster_line(COUNSEL, key(COUNSEL)) * 2)[0]
    assert (
        "spelled differently in line 1"
        in refused(roster_line(COUNSEL, key(COUNSEL)) + roster_line("Counsel@example.com", key("second")))[0]
    )


def test_latin_1_is_refused_and_every_refusal_is_reported() -> None:
    with pytest.raises(RecordsError) as caught:
        parse_roster(b"\xe9\nx\n")
    assert [finding.line for finding in caught.value.findings] == [1, 2]
    assert "(and 1 more)" in caught.value.summary


@settings(deadline=None)  # a busy machine is no defect
@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_in_a_roster_are_refused_and_never_trusted(data: bytes, text: str) -> None:
    line = f"a@example.com {OPTIONS} {public(key(COUNSEL)).line}{text}\n".encode("utf-8", "surrogatepass")
    for allowed in (data, line):
        try:
            read = parse_roster(allowed)
        except RecordsError as error:
            assert error.summary  # noqa: PT017 - either answer is right, a crash is not
            assert error.remedy  # noqa: PT017 - the same
        else:
            assert read.principals == {"a@example.com"}


@pytest.mark.parametrize("text", ["", "# nobody\n", "\n\n"])
def test_a_roster_of_nobody_is_refused(text: str) -> None:
    with pytest.raises(RecordsError, match="names no key"):
        parse_roster(text.encode())


def test_revoked_keys_are_read_and_odd_lines_refused() -> None:
    allowed = roster_line(COUNSEL, key(COUNSEL))
    read = parse_roster(allowed.encode(), f"# stolen\n{public(key(COUNSEL)).line} laptop\n".encode())
    assert read.revoked == {public(key(COUNSEL)).blob}
    message, line = refused(allowed, "SHA256:abcdef\n")
    assert (message, line) == ("the line is not: type of key, key", 1)


def test_missing_linked_and_oversized_rosters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="does not exist"):
        read_roster(tmp_path)
    (tmp_path / ".readiness").mkdir()
    place = tmp_path / ".readiness/allowed_signers"
    place.mkdir()
    with pytest.raises(RecordsError, match="not a file"):
        read_roster(tmp_path)
    place.rmdir()
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordsError, match="is a link"):
        read_roster(tmp_path)
    place.unlink()
    place.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(RecordsError, match="larger than"):
        read_roster(tmp_path)


@pytest.mark.parametrize(
    "when", ["20251231235959Z", "20260101000000Z", "20260615120000Z", "20260630120000Z", "20260630120001Z"]
)
def test_the_window_of_a_key_means_the_same_to_openssh(when: str, tmp_path: Path) -> None:
    line = roster_line(COUNSEL, key(COUNSEL), after="20260101Z", before="202606301200Z")
    (tmp_path / "roster").write_text(line)
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", "signoff@readiness", "-f", str(key(COUNSEL))]
    (tmp_path / "sig").write_bytes(subprocess.run(args, input=b"x", capture_output=True, check=True).stdout)
    args = ["ssh-keygen", "-Y", "verify", "-f", "roster", "-I", COUNSEL, "-n", "signoff@readiness", "-s", "sig"]
    stock = subprocess.run([*args, f"-Overify-time={when}"], cwd=tmp_path, input=b"x", capture_output=True, check=False)
    (holder,) = parse_roster(line.encode()).signers
    moment = datetime.strptime(when, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    assert holder.valid_at(moment) is (stock.returncode == 0)


def test_keys_for_evidence_sign_no_records() -> None:
    text = roster_line(COUNSEL, key(COUNSEL)) + producer_line(CI) + producer_line(COUNSEL, by="second")
    read = parse_roster(text.encode())
    assert [(one.principal, one.line) for one in read.producers] == [(CI, 2), (COUNSEL, 3)]
    assert [one.principal for one in read.signers] == [COUNSEL]
    assert read.principals == {COUNSEL}
    known = producer_key(CI).trusted.ssh
    assert read.find(known) is None
    assert read.produces(known)
    assert not read.produces(public(key(COUNSEL)))


def test_asking_whether_a_key_signs_evidence_costs_the_same_however_many_do() -> None:
    keys = [PublicKey("ecdsa-sha2-nistp256", number.to_bytes(100, "big")) for number in range(2_000)]
    holders = tuple(Holder(CI, one, None, datetime(2030, 1, 1, tzinfo=UTC), 1, produces=True) for one in keys)
    many, few = Roster((), producers=holders), Roster((), producers=holders[:10])
    assert all(map(many.produces, keys))
    assert costs_at_most(8, lambda: list(map(many.produces, keys)), lambda: list(map(few.produces, keys)))


def test_a_roster_of_producers_alone_is_one() -> None:
    assert parse_roster(producer_line(CI).encode()).signers == ()


def test_a_key_for_evidence_is_of_the_kind_that_envelopes_are_signed_with() -> None:
    message, _line = refused(roster_line(CI, key(CI), namespace="evidence@readiness"))
    assert message == "a key that signs evidence is of the kind ecdsa-sha2-nistp256, and not ssh-ed25519"


def test_one_key_does_not_sign_both() -> None:
    message, line = refused(producer_line(CI) + producer_line(CI, namespace="signoff@readiness"))
    assert (message, line) == ("the key stands in line 1 already: one key belongs to one person, once", 2)


def test_openssh_writes_the_key_as_we_do(tmp_path: Path) -> None:
    pem = tmp_path / "producer.pub"
    pem.write_bytes(
        producer_key(CI).trusted.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    done = subprocess.run(["ssh-keygen", "-i", "-m", "PKCS8", "-f", pem], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == producer_key(CI).trusted.ssh.line
