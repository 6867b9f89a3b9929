"""The error tree. A message says what, which one, and what to do next, in one line."""


class AssistantError(Exception):
    """Root of everything that a user can be told in one line."""


class DocumentError(AssistantError):
    """A file could not be read; the others of the same call still can."""


class SourceNotFound(AssistantError):
    """No source has this id."""


class QuestionError(AssistantError):
    """A question or an option of it cannot be used as given."""


class IndexStale(AssistantError):
    """The index was made with another embedding model, or by another version of the program."""


class WorkspaceError(AssistantError):
    """The workspace cannot be opened or written."""


class WorkspaceBusy(WorkspaceError):
    """Another process is writing to this workspace."""


class EmbeddingModelError(AssistantError):
    """The embedding model is missing, altered or cannot be loaded."""


class ModelUnavailable(AssistantError):
    """The chat model did not answer in time or at all; the extractive writer takes over."""


class MalformedDraft(AssistantError):
    """The chat model answered with something that is not a draft; the extractive writer takes over."""


class CorpusError(AssistantError):
    """The bundled corpus is damaged or contradicts itself."""
