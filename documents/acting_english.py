"""Who acts in English running text: a bracket at the end, a subject with its verb, or `by` somebody."""

import re
from functools import lru_cache

from documents.lexicon import words
from documents.names import INITIALS, is_specific

_WORD = r"(?!(?:agreed|resolved) that\b)[A-Za-z][\w'&/-]*"
_WORDS = rf"(?:(?:[A-Z]|M[rs]|Mrs|Dr)\. )?{_WORD}(?:[ -](?:of|for|and|&|{_WORD})){{0,7}}?"
_SUBJECT = re.compile(
    r"(?:^|[.;:,]\s+|\band\s+|\bthat\s+|\n\s*[-*•]?\s*)"
    r"(?:(?i:in addition|meanwhile|separately|at the same time|from (?:then|now) on|so|also),?\s+|"
    r"(?:From|In|By|During|Before|After) (?:[A-Z][a-z]+ )?[0-9][0-9/]{3,8},?\s+|"
    r"(?:Every|Each) [a-z]+,?\s+|"
    r"(?:(?:From|In|By|Over|During|Before|Until|After) )?(?i:next|this|the(?: coming| next)?) "
    r"(?:week|month|quarter|year|term|spring|summer|autumn|winter|season)(?:end)?,?\s+|"
    r"(?:From|In|By|During|Before|Until|After) (?:early |mid-|late |the end of )?(?:[0-9]{1,2} )?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: 20[0-9]{2})?,?\s+)?"
    r"(?:(?P<the>[Tt]he|[Yy]our|[Oo]ur)\s+|An?\s+)?(?![Uu]sed to\b)"
    rf"(?P<name>(?:{_WORDS} / )?{_WORDS})(?:, (?P<person>(?:Mrs?|Ms|Miss|Dr|Prof)\.? [A-Z][\w'-]+),|"
    r" \([A-Z][^()]{2,30}\)|, the [a-z ]{3,30})?,?\s+"
    r"(?:(?P<doing>(?:is|are) (?:now |already )?(?!moving|working|running)[a-z]+ing\s|"
    r"(?:(?!need|fail|want|receiv|report|not|ask)[a-z]{2,}ed|took|wrote|sent|bought|put|drew|made)\s)|"
    r"(?:(?:will|shall|must|should)(?:, [a-z][^,.;]{2,40},)?|"
    r"is to|are to|has agreed to|have agreed to|agreed to|"
    r"(?:is|are) (?:responsible for|in charge of|going to)|expects? to|means? to|ought to|undertook to|"
    r"undertakes? to|intends? to|promised to|offered to|would|had|"
    r"to(?!\s+(?:at|the|an?|all|no|less|more|one|it|them|us|each)\b))\s+"
    r"(?!be\b|been\b|have\b|go to\b)(?=[a-z])|"
    r"(?:will|shall|must|should|(?:(?:is|are|agreed|undertook|promised|offered) )?to)\s+have\s+"
    r"(?:(?:the|all|both|any|an?|each|every|it|them|this|[0-9]+)\b|(?!been\b)[a-z]+s [a-z]+ed\b)|"
    r"(?:has|have)\s+(?:(?:now|already|since)\s+)?(?!been\b|had\b)"
    r"(?:[a-z]+ed|let|put|set|sent|bought|taken|made|begun|given|written|hired|drawn)\b)"
)
_BY = re.compile(
    r"\b(?:assigned to|passes to|pass to|rests with|lies with|falls to|to be signed off by|"
    r"(?:is|are) the responsibility of|responsibility of|(?!caus|affect|suppli|identif|"
    r"report|verif|confirm|witness|certif|sign|damag|limit|prevent|delay|rais|recommend|follow)\w*(?:ed|done|led|built|made|put|held|set|"
    r"run|sent|kept|taken|drawn|written|sweep)(?:(?: \w+)? by|(?: [a-z]+){2,8} by(?= the [A-Z])))\s+"
    rf"(?:the |our |your )?(?P<name>[A-Z][\w'&/.-]*(?:\s+(?:of|for|and|[A-Z][\w'&/-]*)){{0,6}}|"
    rf"{_WORDS}(?=[.,;]|$| by\b| before\b| in\b| at\b| on\b| only\b))"
)
_LABEL = r"(?:(?:Action|Owner|Lead|Responsible|By)\s*:\s*)?"
_BRACKET = re.compile(
    rf"[(\[]{_LABEL}(?P<names>[^()\[\]\n:]{{2,110}})[)\]][.;,]?(?: and)?"
    r"(?:\s+(?:Target|Due|Deadline):[^()\n]{1,40})?\s*\Z"
)
_TAIL = re.compile(
    r"[.;]\s+(?P<names>[A-Z][^.;:\n]{2,60}), "
    r"(?:\d{1,2} [A-Z][a-z]+(?: \d{4})?|[A-Z][a-z]+ \d{4}|Q[1-4](?: \d{4})?|"
    r"\d{1,2}/\d{1,2}(?:/\d{2,4})?|"
    r"(?:[Oo]ngoing|[Ii]mmediately|[Mm]onthly|[Ww]eekly|in time for [a-z ]{3,40}))"
    r"[.]?\s*\Z|"
    rf"\b[Aa]ction: (?P<initials>{INITIALS})[.]?\s*\Z"
)
"""Names and a day behind the last full stop: `Revise the instruction. Quality Manager, 29 March 2024.`"""
_DASHED = re.compile(
    r"\s[—–-]{1,2}\s(?P<names>[A-Z][^.,:;\n—–]{1,60})"
    r"(?:(?:,| by|\s[—–-]{1,2})\s(?:(?:\d{1,2} )?[A-Z][a-z]+(?: 20\d\d)?|"
    r"\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?))?"
    r"[.;]?\s*\Z"
)
"""A unit or post behind a dash at the very end: `Renew the licence by May — Fleet Office.`"""
_NAME = re.compile(r"(?:the )?[A-Z][\w'&/.-]*(?: (?:of|for|and|&|[A-Z][\w'&/.-]*))*")
_NO_NAME = re.compile(
    r"(?i)\b(?:by|before|from|due|done|today|complete\w*|ongoing|month\w*|week\w*|daily|immediate\w*|q[1-4]|"
    r"(?:partially |partly |not )?(?:agreed|accepted|rejected)|planned (?:completion|date)|"
    r"to (?:start|begin)|easter|christmas|half[- ]term|term|meeting|"
    r"jan\w*|feb\w*|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\b|\d"
)
_APART = re.compile(r"[,/;]| & | and the ")
_VERBAL = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|could|would|should|may|might|can|must|not|who|which|that|it|this)\b"
)
_LINKING = frozenset({"of", "and", "for", "&", "/"})


def acting_english(part: str) -> list[str]:
    """The names in a bracket at the end, else the acting subjects, else whom `by` names."""
    return _in_last_bracket(part) or _subjects(part) or _doers(part)


def _in_last_bracket(part: str) -> list[str]:
    """The names in a bracket that ends an English item: `(Site Manager, by 29 September)`."""
    found = _BRACKET.search(part) or _TAIL.search(part) or _behind_dash(part)
    pieces = _PIECES.split(found["names"] or found["initials"]) if found else []
    named = [one for one in pieces if not _NO_NAME.search(one) and not one.startswith("with ")]
    whole = found is not None and all(_NAME.fullmatch(one) or ends_as_post(one) for one in named)
    if whole:
        return [one.removeprefix("the ") for one in named if is_specific(one)]
    alone = [name for one in _ALONE.finditer(part) for name in (one["name"] or one["last"]).split(" / ")]
    return [one for one in alone if ends_as_post(_FIELD.sub("", one))]


_ALONE = re.compile(
    r"[.]\s+(?P<name>[A-Z][\w&'-]*(?: (?:[A-Z][\w&'-]*|of|for|and)){1,4})[.](?=\s|\Z)|"
    r"[.]\s+(?P<last>[A-Z][\w&'-]*(?: (?:[A-Z][\w&'-]*|of|for|and|/|[(][A-Z][a-z]+[)])){0,7})"
    r"(?:, [^.\n]{3,36})?[.]?\s*\Z"
)
_FIELD = re.compile(r" [(][A-Z][a-z]+[)]\Z")
"""What a post is for, behind its name: `Deputy Director of Operations (East)`."""
"""A post that is a sentence of its own: `Close the covers. Workshop Foreman. Immediate.`"""


_PIECES = re.compile(r"\s*[;,/]\s*|\s+[–—-]\s+| and | with | (?=(?:by|before) (?:the |end |\d|[A-Z]))")


def _behind_dash(part: str) -> re.Match[str] | None:
    found = _DASHED.search(part)
    if found is None:
        return None
    names = found["names"].strip()
    named = _NAME.fullmatch(names) is not None and len(names.split()) <= _LONGEST_NAME
    apart = "—" in found[0] or "–" in found[0]
    return found if ends_as_post(names) or names.isupper() or (named and apart) else None


_LONGEST_NAME = 4


_TOLD = re.compile(
    rf"(?:\A|\n)\s*(?P<name>[A-Za-z][\w' ]{{2,40}}): (?=[a-z])|"
    rf"\b(?:recommend(?:s|ed)?|resolved|require[sd]?|request(?:s|ed)?|asks?|suggest|propose|advise) "
    rf"that (?:the )?(?P<asked>{_WORDS}) (?=(?!of\b|for\b|and\b)[a-z])|"
    rf"(?:\A|: |\n)[Tt]hat (?:the )?(?P<moved>{_WORDS}) (?=(?!of\b|for\b|and\b)[a-z])|"
    rf"\b(?:put|placed) (?:the |our )?(?P<put>{_WORDS}) in charge\b|"
    rf"\b(?:ask|asked|instruct|instructed|tasked|told) (?:the |your |our )?(?P<told>{_WORDS}) to (?=[a-z])|"
    rf"[;.,] (?:the (?P<charged>{_WORDS})|(?P<titled>M(?:rs?|s)\.? [A-Z][\w'-]+)) "
    r"(?:(?:is|are) (?:to be )?(?:responsible|accountable|to lead|in charge)|"
    r"has (?:undertaken|agreed|offered) to (?:arrange|lead|see to|do|organise) (?:this|it|these|them))\b|"
    rf"[;.,] (?:[Tt]he |[Oo]ur )?(?P<leads>{_WORDS}) (?:leads|lead|is leading|will lead)\b(?! to)|"
    r"\b(?:Action|Owner|Lead): (?:the )?(?P<lead>[A-Z][\w'&/ ]{2,40}?) (?:by|before) (?=\d|[A-Z]|end)"
)
"""A post before a colon, or one of whom something is asked: `Site manager: replace the lock.`"""


@lru_cache(maxsize=1)
def _ordered() -> re.Pattern[str]:
    """A unit before a colon and a verb: `Engineering: recalibrate the X-ray unit.`"""
    verb = "|".join(words("clause", "imperative"))
    return re.compile(
        rf"(?:\A|\n)\s*(?!Action|Note|Decision|Outcome|Remedy|Fix|Response|Measure|Step|Agreed|Next)"
        rf"(?P<name>[A-Z][\w'&/-]*(?: (?:[A-Z&]|and )[\w'&/-]*){{0,2}}): (?=(?:{verb})\b)"
    )


@lru_cache(maxsize=1)
def _in_front() -> re.Pattern[str]:
    """A unit or post before a dash and a verb: `Facilities – lock in a rental chiller`."""
    verb = "|".join(words("clause", "imperative"))
    return re.compile(
        rf"\s*(?P<names>[A-Z][\w/&' ]{{1,40}}?) [–—-] (?=(?:{verb}|[a-z]+ (?:the|an?|all|in)\b))"
    )


def _subjects(part: str) -> list[str]:
    front = _in_front().match(part)
    if front:
        return [one.strip() for one in front["names"].split("/")]
    every = list(_TOLD.finditer(part))
    found = [one["name"] for one in _ordered().finditer(part) if is_specific(one["name"])]
    found += [
        name
        for one in every
        if (ends_as_post(name := next(filter(None, one.groups()))) or one["titled"]) and name not in found
    ]
    if any(one["told"] for one in every):
        return found
    advised = _advised().match(part)
    if advised and ends_as_post(advised["name"]):
        found += _single(advised["name"])
    having = _TO_HAVE.match(part)
    if having and ends_as_post(having["name"]):
        found += _single(having["name"])
    for one in _SUBJECT.finditer(part):
        if one["name"].split(maxsplit=1)[0].lower() in words("clause", "imperative"):
            continue
        if one["doing"] and not (one["the"] and ends_as_post(one["name"])):
            continue
        if not _VERBAL.search(one["name"]) and _is_post(one["name"], the=bool(one["the"])):
            found += [*_single(one["name"]), *filter(None, [one["person"]])]
    return found


@lru_cache(maxsize=1)
def _advised() -> re.Pattern[str]:
    """How a recommendation begins that only names who does what: `The Sheriff adopt a written plan`."""
    verb = "|".join(words("clause", "imperative"))
    return re.compile(
        rf"\s*(?:[Tt]he )?(?!That )(?P<name>[A-Z][\w'&/-]*(?: (?:of|[A-Z][\w'&/-]*)){{0,6}}) "
        rf"(?={verb}\b(?! (?:from|by|until)\b))"
    )


_TO_HAVE = re.compile(rf"(?:[Tt]he )?(?P<name>{_WORDS}) to have (?=[a-z])")


def _doers(part: str) -> list[str]:
    found = []
    for one in _BY.finditer(part):
        name = one["name"].strip().removesuffix(" and")
        if not _NO_NAME.search(name) and (name[:1].isupper() or ends_as_post(name)):
            found += _single(name)
    return found


def _single(names: str) -> list[str]:
    every = [
        name
        for one in _APART.split(names.strip())
        for name in _unjoined(one.strip().removeprefix("and ").removeprefix("the "))
    ]
    return [one for one in every if one and one not in _LINKING and is_specific(one)]


def _unjoined(name: str) -> list[str]:
    """`Health and Safety Adviser` is one name, `HR and Payroll` and `Site Manager and Chair` are two."""
    left, _, right = name.rpartition(" and ")
    if name.lower() in words("names", "one_unit"):
        return [name]
    if not left or (ends_as_post(right) and not (ends_as_post(left) or left.isupper())):
        return [name]
    return [left.strip(), right.strip()]


def _is_post(name: str, *, the: bool) -> bool:
    """A subject counts with its article, as a proper name, as an abbreviation, or if it ends as posts do."""
    proper = all(word[:1].isupper() or word in _LINKING or word == "the" for word in name.split())
    return the or proper or all(ends_as_post(one) or one.isupper() for one in name.split(" and "))


@lru_cache(maxsize=512)
def ends_as_post(name: str) -> bool:
    """Whether English words end as names of posts and units do: `Yard Supervisor`, `faculty managers`."""
    known = words("names", "english")
    whole = _POST_OF.fullmatch(name)
    ends = [one.rsplit(maxsplit=1)[-1].lower() for one in (name, *([whole["post"]] if whole else []))]
    return any(one != "leads" and (one in known or one.removesuffix("s") in known) for one in ends)


_POST_OF = re.compile(
    r"(?P<post>[A-Za-z][\w' -]*?) (?:of|for)(?: (?:[A-Z][\w'&-]*|and|the|governors|trustees|nursing|"
    r"teaching|learning|operations|finance|estates|care|services|quality|inclusion|housing|property|education))+"
)
"""A post and its field, which may be any words: `Associate Director of People`."""
