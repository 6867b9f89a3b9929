"""The commands around a plan: drafting sections, checklists, and what a municipality tells of itself."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import export
from assistant.console import AsJson, Workspace, open_assistant, print_json, progress, say
from assistant.shown import source_line
from assistant.words import LANGUAGES, words

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.types import ChecklistAnswer, Profile, SectionDraft

Municipality = Annotated[
    str | None, typer.Option("--municipality", help="Whose plan; by default the one that the workspace knows.")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Date on which the law is taken, YYYY-MM-DD; today by default.")
]
Language = Annotated[
    str | None,
    typer.Option("--language", help="With --out: en, fi or sv; quotes stay in the language of their source."),
]
_MARKS = {"met": "[x]", "partly": "[~]", "no-evidence": "[ ]"}


def add_plan_commands(app: typer.Typer) -> None:
    """Put the commands of this module on the program."""
    for command in (draft, checklist, versions, municipality, figures):
        app.command()(command)


def draft(
    section: Annotated[str | None, typer.Argument(help="A section, as --list names it.")] = None,
    municipality: Municipality = None,
    notes: Annotated[str, typer.Option("--notes", help="What the documents do not say; cited as typed by you.")] = "",
    as_of: AsOf = None,
    all_: Annotated[bool, typer.Option("--all", help="Every section of the plan.")] = False,
    plan: Annotated[str, typer.Option("--plan", help="With --all: plan, or programme-1386 (old law).")] = "plan",
    list_: Annotated[bool, typer.Option("--list", help="Name the sections.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="A .docx or .md file to write.")] = None,
    language: Language = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Draft a section of the plan, or all of them, from law, guidance and the municipality's own documents."""
    if list_:
        _list_sections(as_json=json_)
        return
    if (section is None) != all_:
        raise typer.BadParameter("Name one section, or give --all. The option --list names the sections.")
    if plan != "plan" and not all_:
        raise typer.BadParameter("--plan goes with --all; a section belongs to one plan, as --list shows.")
    file_language = _file_language(language, out)
    with open_assistant(workspace) as assistant:
        who = _user()
        if out:
            export.check_plan_path(out)  # before minutes of work
        if section is not None:
            drafts = [assistant.draft(section, municipality=municipality, notes=notes, as_of=as_of, who=who)]
        else:
            with progress(None) as advance:
                drafts = assistant.planning.draft_plan(
                    plan, municipality=municipality, notes=notes, as_of=as_of, who=who,
                    progress=lambda done, total, what: advance(f"{done} of {total}: {what}"),
                )  # fmt: skip
        _give(assistant, drafts, out, file_language, as_json=json_, whole=all_)


def _file_language(language: str | None, out: Path | None) -> str:
    if language is None:
        return "en"
    if out is None:
        raise typer.BadParameter("--language goes with --out.")
    if language not in LANGUAGES:
        raise typer.BadParameter(f"Use one of these with --language: {', '.join(LANGUAGES)}.")
    return language


def _give(
    assistant: Assistant, drafts: Sequence[SectionDraft], out: Path | None, language: str, *, as_json: bool, whole: bool
) -> None:
    for message in dict.fromkeys(w.message for d in drafts for w in d.warnings if not w.citations):
        say(message)
    if out:
        assistant.planning.export_plan(drafts, out, language=language)
    if as_json:
        print_json(drafts if whole else drafts[0])
    elif out:
        n = sum(len(d.placeholders) for d in drafts)
        print(f"written: {out}, {len(drafts)} section{'s' if len(drafts) != 1 else ''}, {n} things to fill in")
    else:
        print(assistant.planning.markdown(drafts))


def _list_sections(*, as_json: bool) -> None:
    from assistant.plan import plans

    every = list(plans().values())
    if as_json:
        print_json([
            {"section": s.id, "title": s.title, "plan": p.id, "status": s.status, "law_basis": p.law_basis}
            for p in every for s in p.sections
        ])  # fmt: skip
        return
    for plan in every:
        print(f"{plan.title} (Act {plan.law_basis}), --plan {plan.id}")
        for section in plan.sections:
            print(f"    {section.id}: {section.title} ({section.status})")


def checklist(
    name: Annotated[str | None, typer.Argument(help="A checklist, as --list names it.")] = None,
    municipality: Municipality = None,
    as_of: AsOf = None,
    list_: Annotated[bool, typer.Option("--list", help="Name the checklists.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="A .docx, .csv or .md file to write.")] = None,
    language: Language = None,
    override: Annotated[
        str | None,
        typer.Option("--override", help="Your word on an item: ID=met, ID=partly, ID=no-evidence or ID=."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="With --override: why.")] = "",
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Answer a checklist from the municipality's own documents."""
    if list_:
        _list_checklists(as_json=json_)
        return
    if name is None:
        raise typer.BadParameter("Name a checklist. The option --list names them.")
    if note and override is None:
        raise typer.BadParameter("--note goes with --override.")
    file_language = _file_language(language, out)
    with open_assistant(workspace) as assistant:
        if out:
            export.check_checklist_path(out)
        if override is not None:
            item, given, status = override.partition("=")
            if not given:
                raise typer.BadParameter("Write --override as ID=met, ID=partly, ID=no-evidence, or ID= to undo it.")
            assistant.planning.override(
                name, item.strip(), status.strip(), municipality=municipality, note=note, who=_user()
            )
        answer = assistant.checklist(name, municipality=municipality, as_of=as_of)
        if out:
            export.write_checklist(answer, out, say=words(file_language))
        if json_:
            print_json(answer)
        elif out:
            print(f"written: {out}, {len(answer.items)} items")
        else:
            _print_checklist(answer)


def _list_checklists(*, as_json: bool) -> None:
    from assistant.checklist import checklists

    if as_json:
        print_json([
            {"checklist": c.id, "title": c.title, "law_basis": c.law_basis, "items": len(c.items), "url": c.url}
            for c in checklists().values()
        ])  # fmt: skip
        return
    for one in checklists().values():
        print(f"{one.id}: {one.title} (Act {one.law_basis}), {len(one.items)} items")


def _print_checklist(answer: ChecklistAnswer) -> None:
    print(f"{answer.title}: {answer.municipality or 'own documents'}, {answer.as_of}")
    group = None
    for item in answer.items:
        if item.group != group:
            group = item.group
            print(f"\n{group}")
        status = item.override.status if item.override else item.status
        said = f"{status} ({item.override.who}: {item.override.note})" if item.override else f"{status}"
        print(f"{_MARKS[status]} {item.id} {item.text} [{item.law}]: {said}")
        for statement in item.statements:
            marks = "".join(f"[{n}]" for n in statement.citations)
            print(f"        {' '.join(statement.text.split())} {marks}")
        if status != "met":
            print(f"        Next: {item.next_step}")
    print("\nSources")
    for c in answer.citations:
        print(f"[{c.id}] {source_line(c.title, c.pinpoint)}")
    for warning in answer.warnings:
        print(f"- {warning.message}")


def versions(
    section: Annotated[str, typer.Argument(help="A section, as draft --list names it.")],
    municipality: Municipality = None,
    back: Annotated[int | None, typer.Option("--back", help="Go back to this version: it becomes the newest.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the newest version to a .docx or .md file.")] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """List the kept versions of a drafted section, or go back to one."""
    with open_assistant(workspace) as assistant:
        if out:
            export.check_plan_path(out)
        if back is not None:
            assistant.kept_drafts.go_back(section, back, municipality=municipality, who=_user())
        found = assistant.kept_drafts.versions(section, municipality=municipality)
        if out and found:
            assistant.planning.export_plan([found[-1].draft], out)
        if json_:
            print_json(found)
            return
        for version in found:
            beside = f", beside version {', '.join(map(str, version.beside))}" if version.beside else ""
            print(f"{version.number}: {version.at} {version.who}, {version.why}{beside}")
        if not found:
            print("No version is kept yet. Draft the section with: python -m assistant draft SECTION")


def municipality(
    name: Annotated[str | None, typer.Argument(help="The municipality; without options, shows what is known.")] = None,
    population: Annotated[int | None, typer.Option("--population", help="Residents.")] = None,
    population_date: Annotated[str | None, typer.Option("--population-date", help="On which day, YYYY-MM-DD.")] = None,
    languages: Annotated[str | None, typer.Option("--languages", help="Finnish, Swedish, or both.")] = None,
    employment_area: Annotated[str | None, typer.Option("--employment-area", help="Its employment area.")] = None,
    wellbeing_county: Annotated[str | None, typer.Option("--wellbeing-county", help="Its county.")] = None,
    regional_centre: Annotated[str | None, typer.Option("--regional-centre", help="Its development centre.")] = None,
    plan_from: Annotated[str | None, typer.Option("--plan-from", help="Plan period, first day or year.")] = None,
    plan_to: Annotated[str | None, typer.Option("--plan-to", help="Plan period, last day or year.")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="Who answers questions on the plan.")] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """Tell of the municipality whose plan is written, or show what was told."""
    told = {
        "population": population, "population_date": population_date, "languages": languages,
        "employment_area": employment_area, "wellbeing_county": wellbeing_county, "regional_centre": regional_centre,
        "plan_from": plan_from, "plan_to": plan_to, "contact": contact,
    }  # fmt: skip
    told = {key: value for key, value in told.items() if value is not None}
    if told and name is None:
        raise typer.BadParameter("Name the municipality.")
    with open_assistant(workspace) as assistant:
        profiles = [assistant.municipalities.tell(name, **told)] if name else assistant.planning.workbook.profiles()
    if json_:
        print_json(profiles)
        return
    for profile in profiles:
        _print_profile(profile)
    if not profiles:
        print("No municipality is told of yet: python -m assistant municipality NAME --population N")


def _print_profile(profile: Profile) -> None:
    from assistant.types import as_json

    print(profile.name)
    for key, value in as_json(profile).items():
        if value not in (None, "") and key != "name":
            print(f"    {key.replace('_', ' ')}: {value}")


def figures(
    municipality: Municipality = None,
    add: Annotated[str | None, typer.Option("--add", help='"NAME=VALUE", such as "Residents=9,700".')] = None,
    date: Annotated[str, typer.Option("--date", help="With --add: the day or year that it describes.")] = "",
    source: Annotated[str, typer.Option("--source", help="With --add: where it comes from.")] = "",
    note: Annotated[str, typer.Option("--note", help="With --add: its definition, or what to mind.")] = "",
    remove: Annotated[int | None, typer.Option("--remove", help="Take out the figure of this number.")] = None,
    json_: AsJson = False,
    workspace: Workspace = None,
) -> None:
    """List the municipality's figures, add one or take one out; drafts cite them as given by the municipality."""
    with open_assistant(workspace) as assistant:
        if add is not None:
            name, _, value = add.partition("=")
            assistant.municipalities.add_figure(
                municipality, name=name, value=value, date=date, source=source, note=note
            )
        if remove is not None:
            assistant.municipalities.remove_figure(municipality, remove)
        found = assistant.municipalities.figures(municipality)
    if json_:
        print_json(found)
        return
    for figure in found:
        print(f"{figure.id}: {figure.name}: {figure.value} ({figure.date}; {figure.source})")
    if not found:
        print('No figure is kept yet: python -m assistant figures --add "NAME=VALUE" --date DATE --source SOURCE')


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no account, as in some containers
        return "unknown"
