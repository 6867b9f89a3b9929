"""Drafts and checklists as files: Word and Markdown, of a checklist also a table for Excel, of a picture its plots.

    records → the whole file in memory → written at once

What a file says beside the records stands in `_text.py`, so that all formats say the same. Nothing is checked or
decided here: support, currency and warnings come with the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.export._files import check_folder, check_writable, make_folder, suffix_of, write_file
from assistant.types import ChecklistAnswer, Plot, Profile, SectionDraft
from assistant.words import Words, words

__all__ = [
    "check_checklist_path",
    "check_picture_path",
    "check_plan_path",
    "plan_markdown",
    "write_checklist",
    "write_picture",
    "write_plan",
]

_ENGLISH = words("en")
_NOTHING = "There is nothing to write: draft a section first."


def write_plan(
    sections: Sequence[SectionDraft], path: Path, *, title: str, profile: Profile | None, plan_about: str = "",
    say: Words = _ENGLISH,
) -> None:  # fmt: skip
    """Write one section or a whole plan.

    Args:
        sections: In the order of the plan.
        path: Ends in .docx or .md; a file that is there is replaced, at once or not at all.
        title: Of the plan; where it is empty, that of the first section.
        profile: Of the municipality, for the title page.
        plan_about: What the plan is about in a line or two, below its title.
        say: The language of our own words in it; what is quoted stays in that of its source.

    Raises:
        AssistantError: The place cannot be written to; says in one line what to do.
    """
    suffix = suffix_of(path, (".docx", ".md"), "Name a file that ends in .docx or .md.")
    if not sections:
        raise AssistantError(_NOTHING)
    check_writable(path)
    if suffix == ".md":
        from assistant.situation.plots import png

        # Beside the text, as Markdown has it; written first, so that a text never points to a plot that is not there.
        names = {plot: f"{path.stem}-{plot.id}.png" for plot in _plots(sections)}
        text = plan_markdown(sections, title=title, profile=profile, plan_about=plan_about, images=names, say=say)
        content = text.encode()
        drawn = [(path.with_name(name), png(plot, titled=False)) for plot, name in names.items()]
        for place, _ in drawn:
            check_writable(place)
        for place, image in drawn:
            write_file(place, image)
    else:
        from assistant.export.word import plan_document

        content = plan_document(sections, title=title, profile=profile, plan_about=plan_about, say=say)
    write_file(path, content)


def write_picture(
    draft: SectionDraft, path: Path, *, title: str, profile: Profile | None, plan_about: str = "",
    say: Words = _ENGLISH,
) -> None:  # fmt: skip
    """Write a situation picture as `write_plan` does, or into a folder: text, and each plot as PNG and SVG.

    Raises:
        AssistantError: The place cannot be written to; says in one line what to do.
    """
    if path.suffix.lower() in (".docx", ".md"):
        write_plan([draft], path, title=title, profile=profile, plan_about=plan_about, say=say)
        return
    from assistant.situation.plots import png, svg

    check_folder(path)
    files: dict[str, bytes] = {}
    names = {}
    for plot in draft.plots:
        names[plot] = f"{plot.id}.png"
        files[names[plot]] = png(plot)
        files[f"{plot.id}-light.svg"] = svg(plot).encode()
        files[f"{plot.id}-dark.svg"] = svg(plot, dark=True).encode()
    text = plan_markdown([draft], title=title, profile=profile, plan_about=plan_about, images=names, say=say)
    make_folder(path)
    for name, content in {**files, "situation-picture.md": text.encode()}.items():
        write_file(path / name, content)


def _plots(sections: Sequence[SectionDraft]) -> list[Plot]:
    return [plot for section in sections for plot in section.plots]


def plan_markdown(
    sections: Sequence[SectionDraft], *, title: str, profile: Profile | None, plan_about: str = "",
    images: Mapping[Plot, str] | None = None, say: Words = _ENGLISH,
) -> str:  # fmt: skip
    """One section or a whole plan as Markdown; see `write_plan`.

    Args:
        sections: In the order of the plan.
        title: Of the plan.
        profile: Of the municipality.
        plan_about: Below the title.
        images: File names of the plots, beside the text; without them a plot stands in words.
        say: The language of our own words.
    """
    from assistant.export.markdown import plan_text

    if not sections:
        raise AssistantError(_NOTHING)
    return plan_text(sections, title=title, profile=profile, plan_about=plan_about, images=images or {}, say=say)


def write_checklist(answer: ChecklistAnswer, path: Path, *, say: Words = _ENGLISH) -> None:
    """Write an answered checklist: .docx, .md, or .csv for Excel.

    Raises:
        AssistantError: The place cannot be written to; says in one line what to do.
    """
    suffix = suffix_of(path, (".docx", ".csv", ".md"), "Name a file that ends in .docx, .csv or .md.")
    check_writable(path)
    from assistant.export import checklist

    if suffix == ".csv":
        content = checklist.checklist_csv(answer, say)
    elif suffix == ".md":
        content = checklist.checklist_text(answer, say).encode()
    else:
        content = checklist.checklist_document(answer, say)
    write_file(path, content)


def check_plan_path(path: Path) -> None:
    """Say what is wrong with a place for a plan before the plan is drafted; see `write_plan`."""
    suffix_of(path, (".docx", ".md"), "Name a file that ends in .docx or .md.")
    check_writable(path)


def check_picture_path(path: Path) -> None:
    """The same for a situation picture, which may go into a folder."""
    if path.suffix.lower() in (".docx", ".md"):
        check_writable(path)
    else:
        check_folder(path)


def check_checklist_path(path: Path) -> None:
    """The same for a checklist."""
    suffix_of(path, (".docx", ".csv", ".md"), "Name a file that ends in .docx, .csv or .md.")
    check_writable(path)
