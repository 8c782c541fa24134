"""The check `signoff`: the right people have signed off the current content."""

from typing import ClassVar

from readiness.check import Check, Context
from readiness.outcome import CheckError, Outcome
from readiness.records import SignoffPolicy

_SHOWN = 50


class Signoff(SignoffPolicy, Check):
    """The right people have signed off what is there now.

    Why: Some things only a person can judge: a legal review, an acceptance test, a risk that is taken. A name in a wiki
    shows neither who it was nor what exactly was approved; a signature over the digests of the files does, and it stops
    counting as soon as one byte changes.

    How: Reads the signed records below `.readiness/records`, verifies each with the key that
    `.readiness/allowed_signers` gives its signer for the time of signing, and compares project, release, environment,
    item and the digests of the covered files, as they are in the commit, with what was signed. With `for: content`,
    release and environment are not compared: the sign-off holds for the covered files as they are. Only valid sign-offs
    count, each person once, whatever names and keys the person has. With `not_by: authors`, nobody approves what they
    changed themselves: git tells who made each commit since the covered files were last approved by others, merges that
    changed something of their own included. A standing rejection by a member of the role fails the item; a sign-off
    that is missing, stale or expired leaves it pending.

    Remedy: Let a member of the role run `readiness sign ITEM`, and commit the record.

    Example:
        - id: templates-reviewed
          title: Counsel has reviewed the templates
          check: signoff
          with: {role: legal, covers: ["templates/**"], valid_for: 180d}
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    def run(self, context: Context) -> Outcome:
        """Judge the sign-offs of the item."""
        from readiness.records import RecordsError, judge_signoffs

        try:
            return judge_signoffs(self, context.facts)
        except RecordsError as error:
            raise CheckError(error.summary, error.remedy, findings=error.findings[:_SHOWN]) from error
