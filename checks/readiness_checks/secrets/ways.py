"""The ways to write an assignment: what may stand between a name and its value, in any language.

Each pattern is matched directly behind the name. Its group `value` is the value.
"""

import re

_QUOTE_END = r"\\{0,3}[\"'`]?"
_BRACKETS = r"[ \t]{0,40}(?:\[\d{0,4}\]|[\])}])?[ \t]{0,40}[?!]?"
_GAP = rf"{_QUOTE_END}{_BRACKETS}"
"""The end of the name: a quote, a bracket, a size, a mark of TypeScript."""
_TYPE = (
    r"(?:[ \t]{0,20}:[ \t]{0,4}(?:&\s?)?(?:'\w{1,20}\s)?[A-Za-z_][\w.]{0,60}(?:[<\[(][^=\n]{0,80}[>\])])?[?!]?"
    r"(?:\s?\|\s?[\w.]{1,30}){0,4}"
    r"|(?(closed)(?!)|[ \t]{1,4}(?:[Aa]s\s)?[*\[\]]{0,4}[A-Za-z_][\w.<>*]{0,40})"
    r"|\s{0,4}\{\s{0,4}get;[^}\n]{0,40}\})?[ \t]{0,40}"
)
"""The type of the name; only one behind a colon may follow a quote: `"password" id="x"` are two attributes."""
_SEPARATOR = r"(?P<separator>===?|!==?|:=|=>|<-|\|\|=|\?\?=|\?=|\+=|\|\||\?\?|\bor\b|\bto\b|::?=|::|=|:|,)(?!=)"
_WRAPPED = (
    r"(?:ConvertTo-SecureString\s(?:-\w+\s)?)?(?:(?:new\s{1,4})?(?:\[\]|&)?[A-Za-z_][\w.:!<>]{0,80}[({]\s{0,20}"
    r"(?:[\"'][\w.-]{1,60}[\"']\s?,\s?|\w{1,30}\s?[=:]\s?)?){0,2}(?:\([ \t]{0,20}\n\s{0,40})?"
)
_STRING = (
    r"(?:[rRbBuUfFNL@$]{0,2})(?:(?P<escape>\\{1,3})(?P<eq>[\"'`])(?P<evalue>[^\"'`\\\n]{1,400})\\{1,3}(?P=eq)"
    r"|(?P<quote>\"\"\"|'''|[\"'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n]){1,1000}?)(?P=quote))"
)
_ATTRIBUTE = r"(?:\s{1,20}[\w:.-]{1,40}\s?=\s?[\"'][^\"'<>]{0,120}[\"']){0,4}"

ASSIGNED = re.compile(
    rf"(?P<closed>\\{{0,3}}[\"'`])?{_BRACKETS}{_TYPE}{_SEPARATOR}\s{{0,40}}(?P<wrapped>{_WRAPPED}){_STRING}"
)
"""`name = "value"`, `"name": "value"`, `name: Type = "value"`, `name => wrap('value')`, `name == "value"`."""
GIVEN = re.compile(rf"\(\s{{0,20}}{_STRING}\s{{0,20}}[),]")
"""`setName("value")`."""
SPACED = re.compile(rf"{_QUOTE_END}[ \t]{{1,20}}{_STRING}")
"""`name "value"`."""
BARE = re.compile(
    rf"{_GAP}\s{{0,20}}(?P<separator>:=|=>|\?=|=|:)(?![=:])[ \t]{{0,20}}(?P<value>[^\s\"'`][^\n]{{2,1000}})"
)
"""`name = value` to the end of the line."""
BARE_SPACED = re.compile(r"[ \t]{1,20}(?P<value>[^\s\"'`=:][^\s]{2,400})")
"""`name value`."""
ATTRIBUTE = re.compile(
    rf"{_QUOTE_END}{_ATTRIBUTE}\s{{1,20}}(?:[\w]{{0,20}}[vV]alue|default|content)\s?=\s?(?P<quote>[\"'])(?P<value>[^\"'<>\n]{{1,400}})(?P=quote)"
)
"""`<add key="name" value="value"/>`."""
ELEMENT = re.compile(
    rf"{_QUOTE_END}{_ATTRIBUTE}(?:[^<>\n]{{0,60}}>\s{{0,60}}|(?=</(?:key|name|id)>))(?:</(?:key|name|id)>\s{{0,60}})?(?:<(?:value|string|defaultValue)[^<>]{{0,40}}>\s{{0,20}})?"
    r"(?:<!\[CDATA\[)?(?P<value>[^<>\s][^<>\n]{1,400}?)\s{0,60}(?:\]\]>)?</"
)
"""`<name>value</name>`, `<key>name</key><string>value</string>`, `<property name="name"><value>value</value>`."""
PAIR = re.compile(
    rf"{_QUOTE_END}[,;]?\s{{1,80}}[\"']?(?:[vV]alue|VALUE|[dD]efault|[dD]efault_?[vV]alue|[sS]ecret_?[sS]tring|[pP]arameter_?[vV]alue)"
    rf"[\"']?\s{{0,20}}[:=](?!:)>?\s{{0,20}}(?:{_STRING}|(?P<bare>[^\s\"'`][^\n]{{2,400}}))"
)
"""`name: NAME` and in the next line `value: value`."""
PAIR_IN_LINE = re.compile(rf"{_QUOTE_END},\s{{0,20}}[\"']?(?:[vV]alue|VALUE)[\"']?\s{{0,20}}[:=]\s{{0,20}}{_STRING}")
"""`{"name":"NAME","value":"value"}`."""
DEFAULT = re.compile(
    rf"{_QUOTE_END}\s?(?:\{{|:[ \t]?\{{?)[ \t]*\n(?P<lines>(?:[^\n}}]{{0,200}}\n){{0,5}}?)(?P<indent>\s{{1,40}})[\"']?"
    r"(?:[dD]efault|[dD]efault_?[vV]alue|value|initial)[\"']?\s{0,20}[:=]\s{0,20}"
    rf"(?:{_STRING}|(?P<bare>[^\s\"'`][^\n]{{2,400}}))"
)
"""`variable "name" {` and in a later line `default = "value"`."""
BLOCK = re.compile(r"[\"']?\s?:\s?[|>][+-]?[ \t]*\n[ \t]{1,40}(?P<value>[^\s][^\n]{3,400})")
"""`name: |` and the value in the next line."""
FLAG = re.compile(
    r"(?:=|[ \t]{1,4}|[\"'],\s{0,10}[\"'])(?:(?P<quote>[\"'])(?P<value>[^\"'\n]{3,400})(?P=quote)"
    r"|(?P<bare>[^\s\"'`|;&<>\[\]()]{3,400}))"
)
"""`--name value`, and `"--name", "value"`."""
WITHIN = re.compile(
    r"\s?(?P<separator>=|:(?!:))\s?(?P<value>(?:(?:[Bb]earer|[Bb]asic|[Tt]oken|SSWS|GenieKey|Bot)\s)?[^\s\"'`;&,<>\\]{3,400})"
)
"""`name=value` within a text: a connection string, a query, a header."""
DEFAULTED = re.compile(r":?[-:=](?P<value>[^\s}\"'`${]{3,400})\}")
"""`${NAME:-value}`."""
