"""English papers as people write them who never saw a form: reviews, memos, letters, follow-ups."""

import pytest
from as_told import linked

from documents.drafts import passage, read
from rules.lifecycle import Kind


def links(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(kind, links) for kind, _, links in linked(text)]


def kinds(text: str) -> str:
    return "".join(kind for kind, _, _ in linked(text))


FAULTS = "- Four buses waited for brake parts.\n- The wash plant broke down twice.\n"
STEPS = "- Parts Manager to agree a stock by 18 April.\n- Service the pumps (Facilities, 11 April).\n"


@pytest.mark.parametrize(
    "heading",
    ["What needs to get better", "Where we fell short", "Areas for development", "Challenges faced"],
)
@pytest.mark.parametrize(
    "plan",
    ["What we are doing about it", "Looking ahead", "Priorities for 2026", "Planned for April"],
)
def test_headings_are_understood_by_their_turn_of_phrase(heading: str, plan: str) -> None:
    text = f"Depot Report\n\nHighlights\n- Punctuality rose.\n\n{heading}\n{FAULTS}\n{plan}\n{STEPS}"
    assert kinds(text) == "PPMM"


@pytest.mark.parametrize("praise", ["What we do well", "Areas of strength", "At a glance"])
def test_what_goes_well_is_no_problem(praise: str) -> None:
    assert linked(f"Depot Report\n\n{praise}\n- Four buses entered service.\n- Sickness fell to 3%.\n") == []


def test_printed_apostrophes_read_like_typed_ones() -> None:
    typed = (
        "Ward Review\n\nWhat's wrong\nThe matron's list isn't kept. Bells aren't answered at night.\n\n"
        "What we will do\nThe Ward Manager will check the matron's list each week.\n"
    )
    printed = typed.replace("'", "\u2019").replace("night", "night \u2013 at 2\u20113 a.m.")
    read_typed, read_printed = read(typed), read(printed)
    assert [draft.kind for draft in read_printed.drafts] == [draft.kind for draft in read_typed.drafts]
    assert read_printed.drafts[0].title == "The matron\u2019s list isn\u2019t kept"


def test_a_letter_that_turns_to_matters_and_then_asks_is_read_sentence_by_sentence() -> None:
    text = (
        "Town Archive\nReport of the review held on 4 February 2025\n\nDear Councillors,\n\n"
        "The reading room is welcoming and the catalogue is nearly complete.\n\n"
        "Some matters must be put right. The strongroom is too warm because the cooling unit is worn out. "
        "No disaster plan exists.\n\n"
        "I ask that the Archive Manager obtain three quotations by 30 April 2025. "
        "A disaster plan should be drawn up before the autumn.\n\nYours faithfully\n"
    )
    assert linked(text) == [
        ("P", "The strongroom is too warm because the cooling unit is worn out", ()),
        ("P", "No disaster plan exists", ()),
        ("M", "I ask that the Archive Manager obtain three quotations by 30 April 2025", (0,)),
        ("M", "A disaster plan should be drawn up before the autumn", (1,)),
    ]
    assert read(text).drafts[2].owners == ("Archive Manager",)


def test_a_memo_tells_its_faults_in_the_paragraph_above_what_must_happen() -> None:
    text = (
        "INTERNAL MEMORANDUM\nTo: All ward managers\nDate: 9 June 2025\n\n"
        "Overall compliance was 88 per cent, up from 81 per cent.\n\n"
        "However, a number of weaknesses were found. On Ward 7 the dispensers were empty. "
        "Sinks in Ward 9 were blocked by stores.\n\nThe following must now happen:\n"
        "a) Housekeeping will refill dispensers twice a day.\n"
        "b) The stores in front of the sinks have already been removed.\n"
    )
    assert links(text) == [("P", ()), ("P", ()), ("M", (0,)), ("M", (1,))]
    assert [draft.done for draft in read(text).drafts] == [False, False, False, True]


FOLLOWED = (
    "University of Carrick Bay\nFollow-up of Recommendations\n\nIntroduction\nWe tested the evidence that "
    "officers gave us.\n\nA. Research grants\n\n"
    "R1. Publish a single register of all projects.\nStatus: Implemented. It went live in February.\n"
    "Owner: Director of Research\n\n"
    "R2. Reconcile grant income to the ledger.\nStatus: In progress.\nOwner: Head of Finance\n"
    "Revised date: 30 September 2025\n\nB. Information security\n\n"
    "R3. Encrypt the laptops lent to students.\nStatus: Not started.\nOwner: Librarian\n"
)


def test_recommendations_followed_up_are_measures_with_their_state() -> None:
    drafts = read(FOLLOWED).drafts
    assert [(draft.number, draft.owners, draft.done) for draft in drafts] == [
        ("R1.", ("Director of Research",), True),
        ("R2.", ("Head of Finance",), False),
        ("R3.", ("Librarian",), False),
    ]
    assert {draft.kind for draft in drafts} == {Kind.MEASURE}


def test_chapters_part_what_they_hold() -> None:
    chapter = (
        "Chapter {0}. {1}\n\nCirculation rose.\n\nArea for improvement:\nOne {2} in twelve cannot be found.\n"
        "Looking ahead:\nThe Collections Manager will count every {2} by June 30, 2025.\n\n"
    )
    text = "Public Library\nAnnual Report 2024\n\nMessage from the Director\n\nThank you all.\n\n"
    text += chapter.format(1, "Books", "book") + chapter.format(2, "Films", "film")
    assert links(text) == [("P", ()), ("M", (0,)), ("P", ()), ("M", (2,))]


def test_a_running_title_with_its_page_belongs_to_no_section() -> None:
    page = "Public Library" + " " * 30 + "Annual Report 2024 | 7"
    text = f"Review\n\nWeaknesses\n{FAULTS}\n{page}\n\nNext steps\n{STEPS}"
    assert kinds(text) == "PPMM"


def test_one_paragraph_of_findings_is_read_sentence_by_sentence() -> None:
    text = (
        "Housing Association\nProgress Note\n\nWhat we found\n"
        "Fans were missing in 47 homes. Repairs had not been carried out in 19 homes. It took ten weeks on "
        "average. Our records do not show which homes are insulated.\n\n"
        "What we propose\nWe will fit fans where one is missing by 31 March 2026 (Planned Works). "
        "A single number will be given to each household; the Customer Director leads. "
        "The Asset Team will survey all lofts.\n\nThanks are due to the residents.\n"
    )
    assert kinds(text) == "PPPMMM"
    assert [draft.owners for draft in read(text).drafts[3:]] == [
        ("Planned Works",),
        ("Customer Director",),
        ("Asset Team",),
    ]


def test_a_table_may_head_its_columns_in_plain_words() -> None:
    text = (
        "SAFETY WALK\nDate: 12 January 2026\n\nItem | Where | What we saw | Action | Who | By when\n"
        "1 | Hall | Curtains have no label | Check with supplier | Site Manager | 6 February 2026\n"
        "2 | Kitchen | Box lacks dressings | Restock | Cook in charge | Done 13 January\n"
        "3 | Boiler room | No issues | – | – | –\n"
    )
    assert [(draft.kind.value[0], draft.done) for draft in read(text).drafts] == [
        ("p", False),
        ("m", False),
        ("p", False),
        ("m", True),
    ]


def test_a_unit_before_a_colon_and_a_verb_acts() -> None:
    text = (
        "Investigation\n\nFindings\n1) Gloves are not counted.\n2) The supplier has not been audited.\n\n"
        "Corrective actions\n1) Production: introduce a log by 28 March.\n2) Purchasing: audit him.\n"
    )
    assert [draft.owners for draft in read(text).drafts] == [(), (), ("Production",), ("Purchasing",)]


def test_in_minutes_who_is_to_act_needs_no_label() -> None:
    text = (
        "Minutes of the Site Safety Committee, 4 March 2026\n\n1. Matters arising - none.\n"
        "2. Noise. Hearing protection was missing on two presses. HSE Adviser to arrange tests by 30 April. "
        "Maintenance to enclose press 4.\n3. First aiders. Enough on all shifts; no action.\n"
    )
    assert [(draft.kind.value[0], draft.owners) for draft in read(text).drafts] == [
        ("p", ()),
        ("m", ("HSE Adviser",)),
        ("m", ("Maintenance",)),
    ]


def test_a_heading_that_is_a_sentence_is_the_finding() -> None:
    text = (
        "Audit of Overtime\n\nResults\n\nOvertime is approved after it has been worked\n"
        "In 61 of 80 shifts tested, the approval was dated after the shift.\n"
        "Recommendation 1: The Fire Chief should require advance approval.\n\n"
        "Minimum staffing is not reviewed\nThe minimum of 42 per shift dates from 2009.\n"
        "Recommendation 2: The Fire Chief should commission a study.\n"
    )
    assert linked(text) == [
        ("P", "Overtime is approved after it has been worked", ()),
        ("M", "The Fire Chief should require advance approval", (0,)),
        ("P", "Minimum staffing is not reviewed", ()),
        ("M", "The Fire Chief should commission a study", (2,)),
    ]


def test_a_letter_lists_what_was_found_and_asks_for_confirmation() -> None:
    text = (
        "Dear Ms Aldous\n\nSafeguarding visit, 3 June 2025\n\nI found the following during my visit:\n\n"
        "1. Two members of staff do not have a check on file.\n2. Visitors are not asked to sign in.\n\n"
        "Please let me have, by 27 June, your written confirmation that:\n\n"
        "- checks are applied for;\n- a signing-in book is in use.\n\nYours sincerely\nJ. Marlow\n"
    )
    assert links(text) == [("P", ()), ("P", ()), ("M", (0,)), ("M", (1,))]


def test_a_plan_may_say_where_things_are_and_what_will_be_done() -> None:
    text = (
        "Attainment Plan 2025-26\n\nPriority | Where we are now | What we will do | Lead | By\n"
        "Reading | A third read below their age | Daily reading in tutor time | Literacy Lead | Sept 2025\n"
        "Attendance | Persistent absence 24% | Weekly calls home | Attendance Officer | Ongoing\n"
    )
    assert [(kind, links) for kind, _, links in linked(text)] == [
        ("P", ()),
        ("M", (0,)),
        ("P", ()),
        ("M", (2,)),
    ]


def test_fields_behind_full_stops_in_one_line_are_told_apart() -> None:
    text = (
        "Post-incident review, 14 March 2025\n\nWhat went badly\n* Expiry dates are not monitored.\n"
        "* The runbook was out of date.\n\nAction items\n"
        "AI-1 Add expiry to monitoring. Owner: Platform Team. Due 31 March. Status: done\n"
        "AI-2 Rewrite the runbook. Owner: Database Team. Due 30 April.\n"
    )
    drafts = read(text).drafts[2:]
    assert [(draft.owners, draft.done) for draft in drafts] == [
        (("Platform Team",), True),
        (("Database Team",), False),
    ]


def test_a_passage_chosen_by_hand_reads_printed_apostrophes_too() -> None:
    text = "Ward report\n\nThe matron’s office will check the list by 30 June 2025.\n"
    chosen = passage(text, Kind.MEASURE, text.index("The"), len(text) - 1)
    assert (chosen.title, chosen.owners) == (
        "The matron’s office will check the list by 30 June 2025",
        ("matron’s office",),
    )
