"""What the fields of a check declare: which way each is stricter, and which name files: anchors, scripts, evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from readiness.duration import render
from readiness.strictness.rules import Undirected
from readiness.strictness.stricter import Direction
from readiness.strictness.structures import Fields, NamedEntries, Rule


def directions(model: type[BaseModel], _outer: tuple[type[BaseModel], ...] = ()) -> dict[str, Rule]:
    """Rules by the name that a checklist writes. A field without a declaration is left out.

    Raises:
        ValueError: A default cannot be compared by the rule of its field.
    """
    found: dict[str, Rule] = {}
    for name, field in model.model_fields.items():
        declared = next((mark for mark in field.metadata if isinstance(mark, Direction)), None)
        if declared is None:
            continue
        rule = _completed(declared.rule, field, (*_outer, model))
        if not field.is_required() and not field.default_factory_takes_validated_data:
            try:
                rule = rule.with_default(_plain(field.get_default(call_default_factory=True)))
            except ValueError as error:
                raise ValueError(f"parameter `{name}` declares a direction, but {error}") from error
        written, *others = _written(name, field, model)
        found[written] = rule
        if isinstance(rule, Undirected) and rule.names:
            without = rule.model_copy(update={"has_default": False, "default": None})
            for other in others:
                found.setdefault(other, without)
    return found


def _written(name: str, field: FieldInfo, model: type[BaseModel]) -> list[str]:
    """The names by which a checklist may give a field, that of the JSON Schema first.

    Raises:
        ValueError: It is taken from inside of another parameter, where a declaration cannot follow it.
    """
    alias = field.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [name if alias is None else alias]
    names = [choice for choice in choices if isinstance(choice, str)]
    if len(names) < len(choices):
        raise ValueError(f"parameter `{name}` declares a direction, but an `AliasPath` takes it from another parameter")
    config = model.model_config
    if config.get("populate_by_name") or config.get("validate_by_name"):
        names.append(name)
    return list(dict.fromkeys(names))


def _completed(rule: Rule, field: FieldInfo, outer: tuple[type[BaseModel], ...]) -> Rule:
    """Take over what the model inside a field declares."""
    below = rule.entry if isinstance(rule, NamedEntries) else rule
    if not isinstance(below, Fields | None) or (below is not None and below.rules):
        return rule
    models = {model for model in _models(field.annotation) if model not in outer}
    if len(models) != 1:
        return rule
    complete = (below or Fields()).model_copy(update={"rules": directions(models.pop(), outer)})
    return rule.model_copy(update={"entry": complete}) if isinstance(rule, NamedEntries) else complete


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _plain(value: Any) -> Any:
    """A default as a checklist would say it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, timedelta):
        return render(value)
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return to_jsonable_python(value)


@dataclass(frozen=True)
class NamingParameter:
    """A parameter whose value names files."""

    rule: Undirected
    """What it names, in `names`."""
    value: Any
    """As the checklist gives it; its default where it does not."""
    directions: Mapping[str, Rule]
    """Of the parameters beside it."""
    params: Mapping[str, Any]
    """Values of the parameters beside it."""

    @property
    def texts(self) -> Iterator[str]:
        """The texts of a value that is one, or a list of them."""
        for text in self.value if isinstance(self.value, list) else [self.value]:
            if isinstance(text, str):
                yield text


def naming_parameters(directions: Mapping[str, Rule], params: Mapping[str, Any]) -> Iterator[NamingParameter]:
    """The parameters of an item that name files, those inside of other parameters included."""
    for name, rule in directions.items():
        if isinstance(rule, Fields | NamedEntries):
            yield from _inside(rule, params.get(name))
        elif isinstance(rule, Undirected) and rule.names:
            yield NamingParameter(rule, params.get(name, rule.default), directions, params)


def names_evidence(directions: Mapping[str, Rule]) -> bool:
    """Whether any parameter of a check names files of evidence."""
    return any(map(_evidence, directions.values()))


def _evidence(rule: Rule | None) -> bool:
    if isinstance(rule, Fields):
        return names_evidence(rule.rules)
    if isinstance(rule, NamedEntries):
        return _evidence(rule.entry)
    return isinstance(rule, Undirected) and rule.names == "evidence_files"


def _inside(rule: Fields | NamedEntries, value: Any) -> Iterator[NamingParameter]:
    """Those among the fields of a parameter, or of each of its entries."""
    if isinstance(rule, Fields):
        written = rule.written_out(value)
        if isinstance(written, dict):
            yield from naming_parameters(rule.rules, written)
    elif isinstance(rule.entry, Fields | NamedEntries):
        listed = value if rule.by and isinstance(value, list) else (rule.entries(value) or {}).values()
        for entry in listed:
            yield from _inside(rule.entry, entry)
