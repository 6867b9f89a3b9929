"""Every word that the web app says of itself, in one place so that other languages can follow."""

from __future__ import annotations

from assistant.types import Currency, Kind, WarningCode

NAME = "Kotoapuri"
TAGLINE = "Cited answers for those who write their municipality’s integration plan in Finland."
LIMITS = (
    "Every statement links to the passage it rests on. It is not legal advice, and it can miss things: "
    "open the citations and check them before you use an answer."
)

# The conversation
CONVERSATION = "Conversation"
QUESTION_LABEL = "Your question"
QUESTION_PLACEHOLDER = "For example: Who approves the plan?"
QUESTION_HINT = "Enter sends, Shift+Enter starts a new line. Ask in English, Finnish or Swedish."
AS_OF_LABEL = "Law as of (empty: the day the question names, or today)"
ASK = "Ask"
NEW_CONVERSATION = "New conversation"
WELCOME = "Ask about planning the promotion of integration in a municipality, or start with one of these:"
EXAMPLES = (
    "What must a municipality plan for the promotion of integration?",
    "Must the municipality still have an integration programme as a document?",
    "Who should take part in preparing the plan?",
    "How should the plan be monitored?",
    "Draft the section on good relations",
)
YOU_ASKED = "You asked"
SEARCHING = "Searching the sources…"
STILL_LOADING = "The search model is still loading after the start, so this first answer takes some seconds longer."
NOT_FOUND = "Not found in the sources"
NOT_FOUND_PLAIN = "None of the indexed sources answers this, so no answer is given."
UNSUPPORTED = "Not supported by its sources"
NOT_ANSWERED = "This could not be answered"
EMPTY_QUESTION = "Write a question first."
UNEXPECTED = "Something went wrong in the program, and it has been logged. Your question is back in the box: try again."
LAW_AS_OF = "Law as of {date}"
WRITER_EXTRACTIVE = "Selected word for word from the sources; no language model wrote this."
WRITER_MODEL = "Written by the chat model {writer}, then checked statement by statement against the sources."
MODEL_REMOTE = (
    "Text leaves this machine: your questions and the passages found for them are sent to {recipient}, "
    "because the chat model “{model}” is set. Do not enter personal data."
)
MODEL_LOCAL = "The chat model “{model}” on this machine writes the answers."

# Drafts and checklists
TO_FILL = "Still to fill in ({n})"
UNDATED = "undated"
COPIED = "Follows the programme of {whose}, {degree}"
COPIED_FROM_ANOTHER = "another municipality"
COPIED_AGAIN = "The same passage as above: {place}"
COPIED_TO_DO = "What to do:"
COPIED_ROW = "Row {number}: {text}"
WHO = "the web app"  # whose versions drafts of the chat are: nobody logs in
EXAMPLES_ELSEWHERE = "Programmes of other municipalities on this subject: read, do not copy"
NO_EVIDENCE = "“No evidence found” speaks of the documents in this workspace. It never says that a thing was not done."

# The source panel
SOURCES = "Sources of the answer"
SOURCES_EMPTY = (
    "The sources of an answer appear here: each quote in its place, with who published it and how current it is."
)
SOURCES_MANY = "{n} sources. Choose a number to see its quote here."
SOURCES_NONE = "This answer has no sources."
CITATION = "Citation {id}: {title}"
QUOTE_IN_PLACE = "Quote in its place"
OFFICIAL_PAGE = "Open the official page"
ORIGINAL_PAGE = "Open the original"
NEW_TAB = "opens in a new tab"
BACK = "Back to the answer"
MASKED = "Holds personal identity codes or bank account numbers; they are masked (█) here"
DIGEST = "Our own summary of an official text, not the text itself"
FIELDS = {
    "municipality": "Municipality",
    "publisher": "Publisher",
    "pinpoint": "Place",
    "written": "Written",
    "law_basis": "Written under",
    "currency": "How current",
}
ACT = "Act {number}"
KINDS = {
    Kind.LAW: "Law",
    Kind.GUIDANCE: "Official guidance",
    Kind.OWN: "Your municipality’s own document",
    Kind.PROGRAMME: "Another municipality’s programme (an example only)",
}
CURRENCIES = {
    Currency.CURRENT: "Current on {date}",
    Currency.OUTDATED: "Outdated on {date}: written under a repealed Act, or its facts have changed",
    Currency.NOT_IN_FORCE_YET: "Not in force yet on {date}",
    Currency.NEVER_IN_FORCE: "Never in force: it was enacted or announced, but changed before it began",
    Currency.UNKNOWN: "Not known",
}
WARNINGS = {
    WarningCode.COPYING: "Close to another municipality’s text",
    WarningCode.OTHER_MUNICIPALITY: "This is from another municipality",
    WarningCode.OUTDATED_SOURCE: "An outdated source",
    WarningCode.TERM_CHANGED: "A term has changed",
    WarningCode.CONFLICTING_SOURCES: "The sources disagree",
    WarningCode.UNSUPPORTED: "Not supported by its sources",
    WarningCode.NOT_ESTABLISHED: "Not found in the sources",
    WarningCode.NOT_IN_FORCE_YET: "Not in force yet",
    WarningCode.NEVER_IN_FORCE: "Never came into force",
    WarningCode.PERSONAL_DATA: "Personal data",
    WarningCode.INSTRUCTIONS_IN_SOURCE: "A source tries to give instructions",
    WarningCode.REMOTE_MODEL: "Text left this machine",
}

# Documents
DOCUMENTS = "Documents: what the answers rest on"
ADD_HEADING = "Add documents"
FILES_HINT = "PDF, Word, HTML, Markdown, text or Akoma Ntoso; at most {files} files of {megabytes} MB at a time."
FILES_LABEL = "Files"
KIND_LABEL = "What they are"
KIND_CHOICES = (
    ("Our own documents", Kind.OWN),
    ("Official guidance", Kind.GUIDANCE),
    ("Law", Kind.LAW),
    ("Another municipality’s programme", Kind.PROGRAMME),
)
MUNICIPALITY_LABEL = "Municipality"
MUNICIPALITY_HINT = "Needed for another municipality’s programme"
WRITTEN_LABEL = "Written on"
WRITTEN_HINT = "Year-month-day, if known"
LAW_BASIS_LABEL = "Written under"
LAW_BASIS_HINT = "Which Integration Act"
LAW_BASIS_CHOICES = (("Not known", ""), ("Act 681/2023", "681/2023"), ("Act 1386/2010", "1386/2010"))
ADD = "Add"
NO_FILES = "Choose one or more files first."
TOO_MANY_FILES = "That is {count} files; add at most {files} at a time."
FILE_TOO_LARGE = "{name} is larger than {megabytes} MB. Split it, or raise the limit with KOTOAPURI_MAX_FILE_MB."
MUNICIPALITY_MISSING = "Name the municipality whose programme it is."
ADDING = "Reading {what} ({number} of {total})"
ADD_FAILED = "The documents could not be added: something went wrong in the program, and it has been logged."
STATUSES = {"added": "Added", "unchanged": "Already there", "failed": "Not added"}
PASSAGES = "{count} passages"
FETCH_HEADING = "Official texts"
FETCH_HINT = (
    "Our summaries of law and guidance come with the program. Here you can download the official texts that they name, "
    "from Finlex, kotoutuminen.fi and other official sites; where you ask in the language of a text, it is then quoted "
    "instead of our summary. This takes some minutes. Your questions and documents are not sent."
)
FETCH = "Fetch the official texts"
FETCH_STOP = "Stop fetching"
FETCH_BEGINS = "Fetching the official texts…"
FETCHING = "Official texts, {number} of {total}: {what}"
FETCH_STOPPING = "Stopping after the text that is being fetched…"
FETCH_STOPPED = "Stopped. What was fetched so far is kept; fetching again goes on from there."
FETCHED = "{new} new, {changed} changed, {unchanged} unchanged, {failed} not fetched."
FETCH_OFFLINE = (
    "None of the official texts could be fetched. Check the network connection and try again; everything that was "
    "there before is still there."
)
FETCH_FAILED = (
    "The official texts could not be fetched: something went wrong in the program, and it has been logged. What was "
    "there before is still there."
)
FETCH_NOT = "What was not fetched, and why"
FETCH_DONE = "What is there now"
FETCH_STATUSES = {"new": "New", "changed": "Changed", "unchanged": "Unchanged", "failed": "Not fetched"}
INDEXED_HEADING = "Indexed sources"
INDEXED_NONE = "Nothing is indexed yet."
COLUMNS = ("Source", "Passages")
REMOVE_LABEL = "Take out a document that was added"
REMOVE = "Take out"
REMOVED = "Taken out."
NOTHING_TO_REMOVE = "Choose a document first."
REMOVE_FAILED = "It could not be taken out: something went wrong in the program, and it has been logged."
