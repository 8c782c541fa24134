#!/bin/sh
# Checks this archive with nothing but OpenSSH (9.1 or newer), sha256sum and the POSIX tools sed and tr.
# Read it before you run it. It writes nothing, and needs neither network nor the tool that made the archive.
#
#   sh verify.sh        tells what is not in order, and counts
#   sh verify.sh -v     names every record
#
# Exit codes: 0 all is in order, 1 something is not, 2 nothing could be checked.
LC_ALL=C
export LC_ALL
case $0 in */*) cd "${0%/*}" || exit 2 ;; esac

if command -v sha256sum >/dev/null; then
  digests=sha256sum
elif command -v shasum >/dev/null; then
  digests='shasum -a 256'
else
  echo 'cannot check: neither sha256sum nor shasum is installed' >&2
  exit 2
fi
for tool in ssh-keygen sed tr; do
  command -v "$tool" >/dev/null || { echo "cannot check: $tool is not installed" >&2; exit 2; }
done
for file in MANIFEST.sha256 index.txt revoked_keys; do
  [ -f "$file" ] || { echo "cannot check: $file is missing" >&2; exit 2; }
done

verbose=$1
records=0 good=0 void=0 bad=0 wrong=0 accounted=0

complain() {
  wrong=$((wrong + 1))
  printf "WRONG %s\n" "$1"
}

# 1. Every file is what the manifest says, and no further file is here.
listed=0
verdicts=$($digests -c MANIFEST.sha256 2>&1)
code=$?
while read -r line; do
  case $line in *': OK') listed=$((listed + 1)) ;; '') ;; *) complain "manifest: $line" ;; esac
done <<LINES
$verdicts
LINES
[ "$code" -eq 0 ] || [ "$wrong" -gt 0 ] || complain 'manifest: it cannot be checked'
files=0
for file in * */* */*/*; do
  case $file in */*) ;; *.zip) continue ;; esac # it may have been unpacked where it lies
  [ ! -f "$file" ] || files=$((files + 1))
done
[ "$wrong" -gt 0 ] || [ "$files" -eq "$((listed + 1))" ] ||
  complain "$files files are here, and the manifest names $listed"

# 2. Every record is named by its digest, and signed by whom it names, when it says, with a key of the roster of then.
#    $1 is the moment that the key has to be valid at; further arguments go to ssh-keygen.
signed() {
  moment=$1
  shift
  said=$(ssh-keygen -Y verify -f "rosters/$roster/allowed_signers" -I "$who" -n signoff@readiness \
    -O "verify-time=$moment" -s "$signature" "$@" <"$file" 2>&1)
}

judge() {
  [ -f "$file" ] || { why='its statement is missing'; return 1; }
  [ -f "$signature" ] || { why='its signature is missing'; return 1; }
  found=$($digests <"$file")
  [ "${found%% *}" = "$record" ] || { why='its name is not the digest of its content'; return 1; }
  # The signer and the moment as the statement itself gives them, the moment as OpenSSH wants it.
  named=$({ tr -d ' \t\r\n' <"$file"; echo; } | sed -n 's/.*"signer":{"principal":"\([A-Za-z0-9@._+-]*\)".*"signed_at":"\([0-9]\{4\}\)-\([0-9][0-9]\)-\([0-9][0-9]\)T\([0-9][0-9]\):\([0-9][0-9]\):\([0-9][0-9]\)[.0-9]*Z".*/\1 \2\3\4\5\6\7Z/p')
  who=${named%% *} at=${named#* }
  [ -n "$who" ] || { why='its signer and date cannot be read'; return 1; }
  signed "$at" || { why=$said; return 1; }
  # A key that was valid when it signed, but lapsed before the record came, could have been used to backdate it.
  [ "$came" = - ] || signed "$came" || { why="when it came, at $came: $said"; return 1; }
  # Keys that became known to be compromised, at whatever time, void what they signed.
  signed "$at" -r revoked_keys || return 2
}

previous=
while read -r record signature roster came rest; do
  case $record in '#'* | '') continue ;; esac
  records=$((records + 1)) why=
  file=records/${record%"${record#??}"}/$record.json
  [ ! -f "$signature" ] || accounted=$((accounted + 1))
  [ ! -f "$file" ] || [ "$record" = "$previous" ] || accounted=$((accounted + 1))
  previous=$record
  judge
  case $? in
    0) good=$((good + 1)); [ "$verbose" != -v ] || printf "good  %s: %s at %s\n" "$file" "$who" "$at" ;;
    2) void=$((void + 1)); printf "void  %s: the key is in revoked_keys\n" "$file" ;;
    *) bad=$((bad + 1)); printf "BAD   %s: %s\n" "$file" "$why" ;;
  esac
done <index.txt

# 3. Every statement and signature that is here stands in the index.
kept=0
for file in records/*/*; do
  [ ! -f "$file" ] || kept=$((kept + 1))
done
[ "$kept" -eq "$accounted" ] || complain "$kept files are in records/, and index.txt accounts for $accounted"

# 4. Every roster lies in a folder that is named by its digest, so that it can be compared with the repository.
for file in rosters/*/*; do
  folder=${file%/*} found=$($digests <"$file")
  [ "${found%% *}" = "${folder##*/}" ] || complain "$file is not what its folder is named by"
done

echo "$records records: $good good, $void void, $bad bad; files that are not as they should be: $wrong"
[ "$bad" -eq 0 ] && [ "$wrong" -eq 0 ] && [ "$records" -gt 0 ]
