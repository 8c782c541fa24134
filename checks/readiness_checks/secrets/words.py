"""Tells words that name something in a program, or are to be read, from the words of a passphrase."""

import re

LABEL = re.compile(
    r"(?i)password|passwd|passphrase|secret|token|credential|api.?key|login|signin|sign.in|reset|forgot|confirm|submit"
    r"|label|field|input|form|error|invalid|required|missing|header|bearer|oauth|auth|(?<![a-z])key$|(?-i:Key$)|default|enter|value|name|cookie"
    r"|session|csrf|(?<![a-z])id$|(?-i:Id$)"
)
"""Words that the names and labels of secrets are made of."""
PASSPHRASE = re.compile(r"^[a-z]{3,10}(?:[-_. ][a-z]{3,10}){2,7}$|^[A-Z][a-z]{2,9}(?:[-_.][A-Z]?[a-z]{2,9}){2,7}$")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TEXT = """
access account action active add admin agent all allow and app application apply are argo ask asset async attach
auth authenticate authentication author authorization authorize aws azure backup base basic batch bearer been block
body bot browser bucket build bundle button cache call callback can cannot card cert certificate change channel
check class cli client cloud cluster code codes column command commit config configuration confirm connect
connection console consumer container content context control controller cookie core count create created credential
credentials cron current custom dashboard data database date default delete deleted demo deploy desc description detail
dev device dialog digest dir directory disable disabled docker domain edit email enable enabled encrypt encrypted
encryption endpoint engine enter entity entry env environment error event example existing expected expire expired
export external factor failed field file filter flow for forgot form format free from function gateway generate
generator get git github global google grant group handler has hash header helm helper hidden host hosts http https
id identity image import in index info init input insert install instance integration internal invalid invite is
issue issuer item job js json key keys kube kubernetes label lambda last ldap length level license link list load
local locale lock log login logout machine mail main manage manager map master max message metadata method mfa min
missing mock mode model module monitor multi must my name namespace native network new next node not notification
null number oauth object of oidc old on option optional or order org organization origin output owner page param
parameter parent pass passphrase passwd password path pattern payload payment permission phone pipeline please
plugin pod policy pool port primary private prod production profile project prompt provider proxy public push query
queue random read recover recovery redirect redis ref refresh registration registry remember remote remove render
repo report repository request require required reset resource response rest restore result retry role root rotate
route rpc rule run salt scan schema scope script search secret secrets security select selector send server service
session set setting settings setup share shared should sign signature signed signin signing signup site slack smtp
socket source ssh ssl sso stack staff stage start state static status storage store stream string stripe submit
subscription success suffix super sync system tab table tag task team temp template tenant test testing tests text
that the this ticket time timeout tls to token tokens tool top transaction trigger type unlock update updated upload
url use user username users util val valid validate validation value values var variable vault verification verify
version view was web webhook when widget window with worker wrapped write wrong you your zone
"""
_TECHNICAL = frozenset(_TEXT.split())
"""Words of programs, settings and messages: with one of them, words in a row are a name or a text."""


def names_something(value: str, name: str) -> bool:
    """Whether a value of words has one of its name, or one that names things in programs."""
    words = {word.lower() for word in _WORD.findall(value)}
    named = {word.lower() for word in _WORD.findall(name) if len(word) > 2}  # noqa: PLR2004 - shorter ones are chance
    return not _TECHNICAL.isdisjoint(words) or not named.isdisjoint(words)
