"""Refusals: an error is a class with a sentence, and the sentence is translated once, at the edge.

A sentence is an English catalogue key with `%(name)s` places; the values travel beside it, so that the
door which shows it can put it into the reader's language.
"""

from collections.abc import Callable


class RefusedError(Exception):
    """Something a person asked for is not done, and nothing was changed. Says why and what to do."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.say()

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of `translate`, with its values in place; one may be a refusal."""
        said = {
            name: value.say(translate) if isinstance(value, RefusedError) else value
            for name, value in self.values.items()
        }
        return translate(self.sentence) % said


class NotFoundError(RefusedError):
    """A reference, address or code names nothing that is there."""


class NotAllowedError(RefusedError):
    """The person is known, but this is not theirs to do."""


class WrongMoveError(RefusedError):
    """The item's state, or what it still lacks, does not admit the move."""


class ChangedError(RefusedError):
    """Somebody else changed it since the person looked; what they asked for may mean something else now."""


class TooOftenError(RefusedError):
    """It was tried too often; it is possible again after a while."""


class UnreadableError(RefusedError):
    """A file cannot be read as what it should be."""


class SettingError(RefusedError):
    """A setting or a policy file contradicts itself or the house's bounds."""


class BusyError(RefusedError):
    """The database is held by somebody else for longer than we wait."""
