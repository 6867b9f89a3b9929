"""Mutations of the program: one part of it is broken at a time, and the suite must turn red.

    python -m eval.mutations [--half dev] [--only NAME ...] [--workers N] [--json FILE] [--list]

Each broken program runs the whole suite of a half in a process of its own, without what would come out the same (the
baselines, determinism) and with copying and checklists only where they are what is broken; minutes each. Killed is one
that turned the suite red. The share and the survivors are what an evaluation is worth (mutation testing: DeMillo,
Lipton & Sayward, 1978). Exit code 1 where the suite is red without any mutation: nothing can be measured then.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

Break = Callable[[Any], Any]  # what stands there → what stands there instead
UNBROKEN = "nothing"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One part broken: what it is called, and where which name is replaced."""

    name: str
    places: tuple[tuple[str, str, Break], ...]  # module or module:class, attribute, replacement
    part: str = ""  # of the suite that is needed beside the questions

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The program with this part broken."""
        with ExitStack() as stack:
            for place, attribute, broken in self.places:
                module, _, owner = place.partition(":")
                target = import_module(module)
                target = getattr(target, owner) if owner else target
                stack.enter_context(patch.object(target, attribute, broken(getattr(target, attribute))))
            yield


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the suite made of a broken program."""

    name: str
    fallen: tuple[str, ...]  # gates, and "crashed: ..." where it did not come to the end
    seconds: float

    @property
    def is_killed(self) -> bool:
        """Whether the suite turned red."""
        return bool(self.fallen)


def _always(value: Any) -> Break:
    return lambda original: lambda *args, **options: value


def _identity(_: Any) -> Any:
    return lambda first, *args, **options: first


# The check of statements.


def _nothing_is_checked(original: Any) -> Any:
    from assistant.types import Support
    from assistant.verification import Span, Verdict, Verified

    def verify(draft: Any, source_text: Any) -> Any:
        kept = []
        for s in draft.statements:
            spans = tuple(Span(q.source_id, q.start or 0, q.end or len(q.text), q.text) for q in s.quotes)
            kept.append(Verified(s.text, spans, Support.SUPPORTED))
        return Verdict(tuple(kept), ())

    return verify


def _quote_need_not_exist(original: Any) -> Any:
    def locate(quote: Any, source: Any, *, near: str = "") -> Any:
        return original(quote, source, near=near) or list(source.passages[:1])

    return locate


def _uncited_passes(original: Any) -> Any:
    from assistant.types import Support
    from assistant.verification import Verified

    def check(statement: Any, source_text: Any) -> Any:
        return original(statement, source_text) if statement.quotes else Verified(statement.text, (), Support.SUPPORTED)

    return check


def _same_where(alike: Callable[[str], bool]) -> Break:
    return lambda original: lambda a, b, language: original(a, b, language) or (alike(a) and alike(b))


def _is_number(key: str) -> bool:
    return key[-1:].isdigit()


def _is_modal(key: str) -> bool:
    from assistant import lexicon

    return key in lexicon.MODALS


def _is_content(key: str) -> bool:
    from assistant import lexicon

    return not (_is_number(key) or key in lexicon.MODALS or key in lexicon.NEGATIONS)


def _without_negations(original: Any) -> Any:
    from assistant import lexicon

    return lambda text, language: tuple(t for t in original(text, language) if t.key not in lexicon.NEGATIONS)


def _added_words_pass(original: Any) -> Any:
    return lambda said, basis: any(
        original(said[:n], basis) for n in range(len(said), max(0, len(said) - 6), -1) if said[:n]
    )


# The law on the day.


def _all_current(original: Any) -> Any:
    from assistant.types import Currency

    return lambda source, as_of, passage=None: Currency.CURRENT


def _is_law(state: str) -> Break:
    """What is in this state on the day counts as current."""

    def broken(original: Any) -> Any:
        from assistant.types import Currency

        def currency(source: Any, as_of: str, passage: Any = None) -> Any:
            found = original(source, as_of, passage)
            return Currency.CURRENT if found == state else found

        return currency

    return broken


def _day_is_today(original: Any) -> Any:
    return lambda text, **options: original(text, **{**options, "as_of": None})


# Notices.


def _without_notices(*codes: str) -> Break:
    return lambda original: lambda *args, **options: (n for n in original(*args, **options) if n.code not in codes)


# Finding and choosing.


def _stricter(original: Any) -> Any:
    return lambda found: original(found) and _margin(found) > 2.5


def _margin(found: Any) -> float:
    from assistant.retrieval import margin

    return margin(found)


def _reversed(original: Any) -> Any:
    return lambda *args, **options: list(reversed(original(*args, **options)))


def _zeros_like(original: Any) -> Any:
    import numpy as np

    return lambda *args, **options: np.zeros_like(original(*args, **options))


def _no_likeness(original: Any) -> Any:
    import numpy as np

    def facts(self: Any, asked: Any, sources: Any) -> Any:
        found = original(self, asked, sources)
        features = found.features.copy()
        features[:, 4:6] = 0.0  # what stored questions bring
        return replace(found, features=features, likeness=np.zeros_like(found.likeness))

    return facts


def _no_conversation(original: Any) -> Any:
    return lambda text, **options: original(text, **{**options, "conversation": ()})


# Writing.


def _first_only(original: Any) -> Any:
    def write(evidence: Any, **options: Any) -> Any:
        draft = original(evidence, **options)
        return replace(draft, statements=draft.statements[:1])

    return write


def _cut_off(original: Any) -> Any:
    def write(evidence: Any, **options: Any) -> Any:
        draft = original(evidence, **options)
        return replace(draft, statements=tuple(replace(s, text=s.text[: len(s.text) // 2]) for s in draft.statements))

    return write


def _half_quotes(original: Any) -> Any:
    def cite(self: Any, number: int, span: Any, as_of: str) -> Any:
        found = original(self, number, span, as_of)
        return replace(found, quote=f"{found.quote[: len(found.quote) // 2]} and so on")

    return cite


def _next_source(original: Any) -> Any:
    """Each citation with the quote of the one before it."""
    held: list[str] = ["Nothing."]

    def cite(self: Any, number: int, span: Any, as_of: str) -> Any:
        found = original(self, number, span, as_of)
        held.append(found.quote)
        return replace(found, quote=held[-2])

    return cite


def _rotated(original: Any) -> Any:
    def answer(self: Any, question: Any, writer: str, verdict: Any, notices: Any) -> Any:
        found = original(self, question, writer, verdict, notices)
        cited = [s.citations for s in found.statements]
        turned = [*cited[1:], *cited[:1]]
        statements = tuple(replace(s, citations=c) for s, c in zip(found.statements, turned, strict=True))
        return replace(found, statements=statements)

    return answer


def _everything_met(original: Any) -> Any:
    from assistant.types import ItemStatus

    return lambda *args, **options: ItemStatus.MET


def _nothing_shared(original: Any) -> Any:
    return lambda self, text: replace(original(self, text), matches=())


def _all_is_copied(original: Any) -> Any:
    def check(self: Any, text: str) -> Any:
        found = original(self, text)
        return replace(found, matches=(*found.matches, *found.shared_with_law_or_guidance))

    return check


def _verbatim_only(original: Any) -> Any:
    def check(self: Any, text: str) -> Any:
        found = original(self, text)
        return replace(found, matches=tuple(m for m in found.matches if m.degree == "verbatim"))

    return check


_V, _A, _Q, _R, _P = (
    f"assistant.{name}" for name in ("verification", "assistant", "question", "retrieval", "precedence")
)
_CURRENCY, _COMPARISON = "assistant.currency", "assistant.copying:Comparison"

MUTATIONS = (
    Mutation("the check lets everything pass", (
        (_A, "verify_draft", _nothing_is_checked), (_V, "verify_draft", _nothing_is_checked))),
    Mutation("a quote need not stand in its source", ((_V, "locate", _quote_need_not_exist),)),
    Mutation("a statement need not agree with its quotes", ((_V, "find_fault", _always(None)),)),
    Mutation("a statement without citation passes", ((_V, "_verify_statement", _uncited_passes),)),
    Mutation("numbers and dates are not compared", ((_V, "same", _same_where(_is_number)),)),
    Mutation("must, should and may are not told apart", ((_V, "same", _same_where(_is_modal)),)),
    Mutation("negations are not seen", ((_V, "tokens", _without_negations),)),
    Mutation("who does what is not compared", ((_V, "same", _same_where(_is_content)),)),
    Mutation("words at the end may be added", ((_V, "_is_made_from", _added_words_pass),)),
    Mutation("every source is in force", ((_CURRENCY, "currency", _all_current),)),
    Mutation("what never came into force is law", ((_CURRENCY, "currency", _is_law("never-in-force")),)),
    Mutation("what is proposed is law", ((_CURRENCY, "currency", _is_law("not-in-force-yet")),)),
    Mutation("the former Act is law", ((_CURRENCY, "currency", _is_law("outdated")),)),
    Mutation("what is in force does not go first", ((_P, "in_force_first", _identity),)),
    Mutation("the day asked for is ignored", ((_A, "read_question", _day_is_today),)),
    Mutation("the day that a question names is ignored", ((_Q, "_named_day", _always(None)),)),
    Mutation("the Act that a question names is ignored", ((_Q, "_acts", _always(())),)),
    Mutation("ended bodies and terms are not explained", ((_CURRENCY, "changed_terms", _always([])),)),
    Mutation("the duties that never began are not recognised", ((_CURRENCY, "asks_of_never", _always(False)),)),
    Mutation("all warnings on sources are dropped", (("assistant.citing", "source_notices", _always(())),)),
    Mutation("outdated sources are not warned of", ((
        "assistant.citing", "source_notices", _without_notices("outdated-source")),)),
    Mutation("disagreement is not warned of", ((
        "assistant.citing", "source_notices", _without_notices("conflicting-sources")),)),
    Mutation("what never came into force is not warned of", ((
        "assistant.citing", "source_notices", _without_notices("never-in-force")),)),
    Mutation("what is not in force yet is not warned of", ((
        "assistant.citing", "source_notices", _without_notices("not-in-force-yet")),)),
    Mutation("another municipality's example is not warned of", ((
        "assistant.citing", "source_notices", _without_notices("other-municipality")),)),
    Mutation("what is not established is not warned of", ((
        "assistant.citing", "source_notices", _without_notices("not-established")),)),
    Mutation("it never abstains for want of evidence", ((_R, "is_enough", _always(True)),)),
    Mutation("it abstains too easily", ((_R, "is_enough", _stricter),)),
    Mutation("names that no source mentions are answered", ((f"{_R}:Retriever", "_missing", _always(())),)),
    Mutation("a number asked for need not be there", ((f"{_R}:Retriever", "lacks_expected", _always(False)),)),
    Mutation("the best evidence comes last", ((_R, "in_order", _reversed),)),
    Mutation("words are not searched", ((f"{_R}:Bm25", "bm25", _zeros_like),)),
    Mutation("late interaction is left out", ((_R, "max_sims", _zeros_like),)),
    Mutation("the questions stored with facts are not searched", ((f"{_R}:Retriever", "_facts", _no_likeness),)),
    Mutation("Finnish and Swedish are not glossed", ((_R, "gloss", _always("")),)),
    Mutation("spelling is not mended", ((_A, "mend_word", _identity),)),
    Mutation("the conversation is forgotten", ((_A, "read_question", _no_conversation),)),
    Mutation("other municipalities' programmes answer everything", ((_P, "_examples_if_asked", _identity),)),
    Mutation("sentences that address a machine are quoted", (("assistant.passages", "addresses_machine",
                                                             _always(False)),)),
    Mutation("only the first statement is given", (("assistant.writing.extractive", "write_answer", _first_only),)),
    Mutation("statements break off in the middle", (("assistant.writing.extractive", "write_answer", _cut_off),)),
    Mutation("a list item stands without what introduces it", (("assistant.writing.extractive", "with_company",
                                                                lambda _: lambda passage, group: [passage]),)),
    Mutation("quotes are not word for word", (("assistant.citing:Citing", "citation", _half_quotes),)),
    Mutation("quotes stand under other numbers", (("assistant.citing:Citing", "citation", _next_source),)),
    Mutation("citations stand under other statements", ((f"{_A}:Assistant", "_answer", _rotated),)),
    Mutation("copying is not found", ((_COMPARISON, "check", _nothing_shared),), "copying"),
    Mutation("only verbatim copying is found", ((_COMPARISON, "check", _verbatim_only),), "copying"),
    Mutation("words of law and guidance count as copied", ((_COMPARISON, "check", _all_is_copied),), "copying"),
    Mutation("every checklist item is met", (("assistant.checklist", "status_of", _everything_met),), "checklists"),
)  # fmt: skip


def try_mutation(name: str, half: str) -> Outcome:
    """Run the suite over a half with one part broken; in a process of its own."""
    from eval.suite import cases, running

    mutation = next((m for m in MUTATIONS if m.name == name), Mutation(UNBROKEN, ()))
    part = mutation.part or ("copying", "checklists") if name == UNBROKEN else (mutation.part,)
    parts = ["planted", *(p for p in part if p)]
    began = time.perf_counter()
    try:
        loaded = cases.load_shipped(half)
        with mutation.applied(), _in_this_process():
            result = running.run(loaded, half=half, parts=parts)
        fallen = [p.gate.measure for p in result.gates if p.has_fallen]
    except Exception as error:  # a program that breaks down is seen, too
        fallen = [f"crashed: {type(error).__name__}: {error}"]
    return Outcome(name, tuple(fallen), time.perf_counter() - began)


@contextmanager
def _in_this_process() -> Iterator[None]:
    """Nothing beside: a second process would run the program as it is."""
    from eval.suite import running

    class Here:
        def submit(self, work: Callable[[], Any]) -> Any:
            return _Later(work)

    @contextmanager
    def beside() -> Iterator[Here]:
        yield Here()

    with patch.object(running, "_beside", beside):
        yield


class _Later:
    """Work that waits to be done here."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work

    def cancel(self) -> bool:
        return False

    def result(self) -> Any:
        return self._work()


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every mutation and say which were seen; returns the exit code."""
    from rich.console import Console
    from rich.table import Table

    options = _parser().parse_args(arguments)
    console = Console()
    names = [m.name for m in MUTATIONS]
    if options.list:
        console.print("\n".join(names))
        return 0
    if unknown := set(options.only or ()) - set(names):
        print(f"No such mutation: {', '.join(sorted(unknown))}. See them with --list.", file=sys.stderr)
        return 1
    chosen = [n for n in names if n in (options.only or names)]
    outcomes: dict[str, Outcome] = {}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.workers, mp_context=spawn, max_tasks_per_child=1) as pool:
        tasks = [pool.submit(partial(try_mutation, name, options.half)) for name in (UNBROKEN, *chosen)]
        for n, task in enumerate(as_completed(tasks), 1):
            outcome = outcomes[task.result().name] = task.result()
            said = "red: " + ", ".join(outcome.fallen) if outcome.is_killed else "GREEN"
            console.print(f"{n}/{len(tasks)} {outcome.name} ({outcome.seconds:.0f} s): {said}", highlight=False)
    unbroken = outcomes.pop(UNBROKEN)
    tried = [outcomes[name] for name in chosen]
    killed = [o for o in tried if o.is_killed]
    if options.json:
        record = {"half": options.half, "unbroken": asdict(unbroken), "mutations": [asdict(o) for o in tried]}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(record, indent=1), encoding="utf-8")
    table = Table("mutation", "gates that fell")
    for outcome in tried:
        table.add_row(outcome.name, ", ".join(outcome.fallen) or "[bold]survived[/bold]")
    console.print(table)
    console.print(f"Killed: {len(killed)} of {len(tried)} on the half {options.half}.", highlight=False)
    if unbroken.is_killed:
        print(f"Without any mutation the suite is red: {', '.join(unbroken.fallen)}.", file=sys.stderr)
    return int(unbroken.is_killed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.mutations", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("dev", "test"), default="dev")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="of those that --list shows")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="at a time; about 1 GB each")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--list", action="store_true", help="name the mutations, and run nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
