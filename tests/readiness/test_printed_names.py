"""Who signed, in words: a name that nobody reviewed never stands alone, nor without its mark."""

from hypothesis import given
from hypothesis import strategies as st

from readiness.checklist import Person
from readiness.printed_names import own_words, printed
from readiness.records.model.people import People

CTO = "cto@example.com"


def test_the_reviewed_name_and_title_stand_with_the_principal() -> None:
    assert printed(CTO, name="Chris Owner", title="CTO") == "Chris Owner, CTO (cto@example.com)"
    assert printed(CTO, name="Chris Owner", says="chris  owner") == "Chris Owner (cto@example.com)"
    assert printed(CTO) == CTO


def test_a_name_that_nobody_reviewed_is_the_signers_word() -> None:
    assert printed(CTO, says="Dr Anna Boss") == 'cto@example.com (says "Dr Anna Boss")'
    assert printed(CTO, name="Chris Owner", title="CTO", says="Dr Anna Boss") == (
        'Chris Owner, CTO (cto@example.com; says "Dr Anna Boss")'
    )
    assert printed("", says="Dr Anna Boss") == 'principal not known (says "Dr Anna Boss")'


@given(st.text(), st.text())
def test_no_name_breaks_out_of_its_quotes(name: str, says: str) -> None:
    own = own_words(name, says)
    assert own == "" or (own.startswith('says "') and own.endswith('"') and own.count('"') == 2)
    assert own or not says.strip() or says.casefold().split() == name.casefold().split()


def test_every_name_of_a_person_is_printed_with_that_persons() -> None:
    people = People(
        {CTO: Person(name="Chris Owner", title="CTO", also=("chris@home.example",)), "x@example.com": ["y"]}
    )
    assert people.printed("Chris@Home.example") == "Chris Owner, CTO (Chris@Home.example)"
    assert people.same("chris@home.example", CTO)
    assert people.printed("x@example.com", says="Xa") == 'x@example.com (says "Xa")'
