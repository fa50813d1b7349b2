"""English papers that praise, rate, refer and sum up, and dates that may be read either way."""

from datetime import date

from as_told import linked, measures, told

from documents.drafts import Draft, read
from documents.reading import FlagCode

WALK = (
    "SAFETY WALK REPORT\nFerris Yard\n\nOBSERVATIONS AND ACTIONS\n\nDock\n"
    "- Good: all doors were chocked and the lights worked.\n"
    "- Dock plate at door 4 does not lie flat. -> Repair the plate (Maintenance Lead, 16 June 2023)\n"
    "- Wrap and broken boards on the walkway. -> Cleaned up during the walk\n"
    "- Good: pickers clipped on without being reminded.\n"
)


def test_what_is_called_good_is_no_problem() -> None:
    assert linked(WALK) == [
        ("P", "Dock plate at door 4 does not lie flat", ()),
        ("M", "Repair the plate (Maintenance Lead, 16 June 2023)", (0,)),
        ("P", "Wrap and broken boards on the walkway", ()),
        ("M", "Cleaned up during the walk", (2,)),
    ]


AUDIT = (
    "Internal Audit Report: Contracts\n9 December 2022\n\n3 Detailed findings\n\nContract register\n\n"
    "3.1 We were pleased to find that the register moved to a single database in 2021.\n\n"
    "3.2 The register is not complete. Eighteen of 60 contracts were not on it.\n\n"
    "Recommendation 1 (High): Reconcile the register with the ledger.\nManagement response: Accepted.\n"
    "Responsible officer: Head of Procurement\nImplementation date: 31/03/2023\n\n"
    "3.3 Extensions were agreed after contracts had run out. This happened in six of 25 cases.\n\n"
    "Recommendation 2 (Low): Claim the service credits.\n"
    "Management response: Accepted and already carried out. They were paid in November 2022.\n\n"
    "Appendix A: Summary of recommendations\n\n"
    "| No. | Recommendation | Priority | Date |\n|---|---|---|---|\n"
    "| 1 | Reconcile the register | High | 31/03/2023 |\n| 2 | Claim the service credits | Low | Complete |\n"
)


def test_findings_go_on_behind_a_recommendation_and_a_summary_adds_nothing() -> None:
    assert told(AUDIT) == [
        ("P", "The register is not complete"),
        ("M", "Reconcile the register with the ledger"),
        ("P", "Extensions were agreed after contracts had run out"),
        ("M", "Claim the service credits"),
    ]
    assert [one.done for one in measures(AUDIT)] == [False, True]


def test_a_paper_whose_only_findings_are_of_an_earlier_visit_holds_none() -> None:
    text = (
        "SURVEILLANCE AUDIT REPORT\n\n1. Conclusion\nNo nonconformities were raised.\n\n"
        "2. Nonconformities from the previous visit\n"
        "NC 2022-1 (minor): The register did not include the revised regulations. "
        "Corrective action: the register was brought up to date. Verified and closed at this visit.\n"
        "NC 2022-2 (minor): Two drums were stored outside the bund. "
        "Corrective action: bunded pallets were bought. Verified and closed at this visit.\n\n"
        "3. Strengths\nFirst, operators know why segregation matters.\n"
    )
    assert told(text) == []


def test_a_plan_that_names_the_concerns_in_a_word_repeats_no_problem() -> None:
    text = (
        "Quality report\n\n4. Areas of concern\n\n(a) Falls on the two wards have risen to 41.\n\n"
        "(b) Complaint responses are late.\n\n(c) Controlled drug checks were missed on Alder ward.\n\n"
        "5. Action plan\n\n| Ref | Concern | Action | Lead | Due |\n|---|---|---|---|---|\n"
        "| A1 | Falls | Repeat the risk assessment after every move | Falls Nurse | 31 January 2024 |\n"
        "| A2 | Complaints | Set a five-day limit for comment | Complaints Manager | Immediate |\n"
        "| A3 | Controlled drugs | Audit the register | Chief Pharmacist | Monthly |\n"
    )
    assert told(text) == [
        ("P", "Falls on the two wards have risen to 41"),
        ("P", "Complaint responses are late"),
        ("P", "Controlled drug checks were missed on Alder ward"),
        ("M", "Repeat the risk assessment after every move"),
        ("M", "Set a five-day limit for comment"),
        ("M", "Audit the register"),
    ]


def test_faults_that_send_the_reader_to_a_requirement_are_answered_by_it() -> None:
    text = (
        "Care Standards Office\n\nLarch House\nReport of an unannounced inspection\n\n"
        "How good is our care?   3 - Adequate\n\nPeople looked relaxed and meals were of a high standard.\n\n"
        "Medicines were not always given as prescribed. We found gaps in 11 records. See requirement 1.\n\n"
        "How good is our leadership?   3 - Adequate\n\nThe manager was respected by staff.\n\n"
        "Internal audits did not lead to change. No plan had been drawn up. See requirement 2.\n\n"
        "Requirements\n\n1. By 30 April 2024, the provider must ensure that medicines are managed safely.\n\n"
        "2. By 31 May 2024, the provider must demonstrate that audits result in improvement.\n"
    )
    assert linked(text) == [
        ("P", "Medicines were not always given as prescribed", ()),
        ("P", "Internal audits did not lead to change", ()),
        ("M", "By 30 April 2024, the provider must ensure that medicines are managed safely", (0,)),
        ("M", "By 31 May 2024, the provider must demonstrate that audits result in improvement", (1,)),
    ]


def test_a_rating_is_no_line_of_a_checklist() -> None:
    text = (
        "Self-assessment\n\nStandard 1 - Governance\nRating: Met\nThe officer reports twice a year.\n\n"
        "Standard 2 - Training\nRating: Not met\nOnly 78% of staff finished the module.\n"
        "Action: Offer sessions at the depot.\nLead: Development Manager\n\n"
        "Standard 3 - Records\nRating: Not met\nThe register has no entries for the portal.\n"
        "Action: Rebuild the register.\nLead: Information Officer\n"
    )
    assert [title for _, title in told(text) if title == "Rating"] == []


def test_the_post_that_a_lead_asks_owns_all_that_stands_below_it() -> None:
    text = (
        "AUDIT OF FLEET FUEL\n\nFINDINGS AND RECOMMENDATIONS\n\nA.  Fuel cards are shared\n\n"
        "Of the 96 cards examined, 38 had been used for two vehicles on one day.\n\n"
        "We recommend that the Fleet Manager:\n\n1.  Withdraw shared cards.\n\n"
        "2.  Agree with the card company on replacement.\n\nB.  Tanks are not reconciled\n\n"
        "They had been compared on 9 of 273 days.\n\nWe recommend that the Director of Public Works:\n\n"
        "3.  Assign the reconciliation to one division.\n"
    )
    assert [(one.title, one.owners, one.addresses) for one in measures(text)] == [
        ("Withdraw shared cards", ("Fleet Manager",), (0,)),
        ("Agree with the card company on replacement", ("Fleet Manager",), (0,)),
        ("Assign the reconciliation to one division", ("Director of Public Works",), (3,)),
    ]


SELF_ASSESSMENT = (
    "Self-Assessment: Records\nWestbrook College, 25 January 2023\n\n"
    "A1. Named officer. Fully met.\nEvidence: The post is permanent.\n\n"
    "A2. Register of records. Partly met.\n"
    "Gap: Three departments have never sent a return.\n"
    "Action: Obtain returns from the three departments.\nLead: Records Officer\nTarget: Q2 2023\n\n"
    "B1. Notices. Fully met.\nEvidence: Rewritten last year.\n\n"
    "B2. Requests. Not met.\nGap: Nine requests were answered late.\n"
    "Action: Train two technicians.\nLead: Head of IT\nTarget: 31 March 2023\n"
)


def test_what_a_standard_is_rated_beside_its_name_says_whether_it_is_a_problem() -> None:
    assert [(one.number, one.title) for one in read(SELF_ASSESSMENT).drafts] == [
        ("A2.", "Register of records"),
        ("", "Obtain returns from the three departments"),
        ("B2.", "Requests"),
        ("", "Train two technicians"),
    ]
    assert [one[2] for one in linked(SELF_ASSESSMENT)] == [(), (0,), (), (2,)]


SURVEILLANCE = (
    "Surveillance Audit Report\n\n1. Grading of findings\n\n"
    "Major: the breakdown of a process. An action plan must be submitted within 14 days.\n\n"
    "2. Nonconformities\n\nMajor: none.\nMinor: none.\n\n"
    "3. Opportunities for improvement\n\nNone were raised on this occasion.\n\n"
    "4. Review of previous nonconformities\n\n"
    "| No. | Nonconformity | Corrective action | Owner | Verified |\n|---|---|---|---|---|\n"
    "| 1 | Two gauges past their calibration | Recall list automated | Technician | Closed 2 Oct 2022 |\n"
    "| 2 | Tags missing on three bins | Tag printer fitted | Foreman | {} |\n"
)


def test_an_audit_that_finds_none_and_closes_all_earlier_findings_sets_no_task() -> None:
    assert read(SURVEILLANCE.format("Closed 11 Oct 2022")).drafts == ()


def test_an_earlier_finding_that_is_still_open_keeps_the_table() -> None:
    assert [title for _, title in told(SURVEILLANCE.format("In progress"))] == [
        "Two gauges past their calibration",
        "Recall list automated",
        "Tags missing on three bins",
        "Tag printer fitted",
    ]


def test_an_indicator_in_green_is_no_problem() -> None:
    paper = (
        "Performance Exceptions\n\n1. Indicators\n\n"
        "KPI 1  Rent collected (GREEN)\nTarget 98%. Result 99%. Action: none required.\n\n"
        "KPI 2  Average time to let a home (RED)\nTarget 24 days. Result 39 days.\n"
        "What we are doing: a second contractor will be appointed.\n\n"
        "KPI 3  Repairs made safe within a day (GREEN)\nTarget 99%. Result 99.6%. Action: none required.\n"
    )
    assert [title for _, title in told(paper)] == [
        "Average time to let a home (RED)",
        "a second contractor will be appointed",
    ]


LETTER = (
    "Dear Ms Reed,\n\nThe report raises three matters. First, the medicine records were incomplete. "
    "Secondly, there were too few staff on duty in the evenings. "
    "Lastly, the home had not told you of two falls.\n\n"
    "On the medicine charts, the deputy manager has retrained all carers.\n\n"
    "As far as the evenings are concerned, we have advertised for two carers and expect them by July.\n\n"
    "With regard to notifications, both were sent to your office on 10 May.\n\n"
    "In addition, the owners will visit the home unannounced before the end of September.\n\n"
    "Yours sincerely,\n"
)


def test_a_letter_answers_each_fault_in_a_paragraph_that_names_its_topic() -> None:
    assert linked(LETTER)[3:] == [
        ("M", "the deputy manager has retrained all carers", (0,)),
        ("M", "we have advertised for two carers and expect them by July", (1,)),
        ("M", "both were sent to your office on 10 May", (2,)),
        ("M", "the owners will visit the home unannounced before the end of September", ()),
    ]


def test_a_paragraph_on_what_no_fault_speaks_of_answers_none() -> None:
    letter = LETTER.replace("With regard to notifications, both", "For your information, two vans")
    more = letter.replace(
        "In addition, the", "On a personal note, all the staff were glad of it.\n\nIn addition, the"
    )
    assert [title for kind, title in told(more) if kind == "M"] == [
        "the deputy manager has retrained all carers",
        "we have advertised for two carers and expect them by July",
        "the owners will visit the home unannounced before the end of September",
    ]


def test_a_row_of_letters_within_a_sentence_begins_with_the_first() -> None:
    paper = (
        "Review of a Department\n\n3 Matters of concern\n\n"
        "The Panel formed the view that (a) feedback reaches students too late; "
        "(b) marking criteria differ without reason; and (c) staff are given no training.\n"
    )
    assert [one.number for one in read(paper).drafts] == ["(a)", "(b)", "(c)"]


def due(paper: str) -> list[Draft]:
    """The two measures of a plan, due on the two days."""
    return measures(f"Board paper\n\nIssues\n1. The roof leaks.\n\nActions\n{paper}")


LINES = (
    "1. Replace the tiles. Owner: Estates Manager. Due: {}\n2. Paint the hall. Owner: Caretaker. Due: {}\n"
)


def test_a_date_that_may_be_read_either_way_follows_the_others_of_its_paper() -> None:
    british, american = (
        due(LINES.format("08/11/2024", "24/10/2024")),
        due(LINES.format("08/11/2024", "10/24/2024")),
    )
    assert [(one.deadline.text, one.deadline.on) for one in british] == [
        ("08/11/2024", date(2024, 11, 8)),
        ("24/10/2024", date(2024, 10, 24)),
    ]
    assert [one.deadline.on for one in american] == [date(2024, 8, 11), date(2024, 10, 24)]
    codes = [flag.code for one in (*british, *american) for flag in one.flags]
    assert FlagCode.TWO_DATES not in codes


def test_a_date_that_nothing_settles_is_flagged_with_both_days() -> None:
    first, _ = due(LINES.format("08/11/2024", "31 October 2024"))
    flags = [flag.detail for flag in first.flags if flag.code is FlagCode.TWO_DATES]
    assert flags == ["08/11/2024: 2024-08-11 / 2024-11-08"]


def test_the_quarter_in_a_title_counts_before_its_school_year() -> None:
    title = "Performance Report - Quarter 2 2023/24 (July to September 2023)"
    text = f"Riverside Trust\n{title}\n\nIssues\n1. Delays.\n"
    assert read(text).period == (date(2023, 7, 1), date(2023, 9, 30))
