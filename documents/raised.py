"""Whether an entry that is numbered as a measure, such as `Priority 2`, tells what is wrong as well."""

import re

from documents.outline import Node, is_label_for, label_word
from documents.sections import Announced

_REMAINS = re.compile(r"(?i:next steps?|(?:remaining|outstanding|further) actions?)")
"""A label of what is still to be done about a recommendation of earlier, which names a problem then."""
_WHY = re.compile(
    r"(?im:^[ \t]*(?:why(?: (?:this|it|we|is)\b[^:\n]{0,40})?|rationale|reasons?(?: for [^:\n]{0,30})?|"
    r"evidence(?: base)?|baseline|where we are(?: now)?|"
    r"(?:current|present|starting) (?:position|situation|point)|"
    r"what we know)[ ]?[:?][ ]?\S)"
)
"""How the line behind the name of a priority begins that says why it is one."""


def raises_problem(text: str, node: Node) -> bool:
    """Whether a label of the entry leads to a problem or to what remains, or a line says why it is there."""
    labels = [child for child in node.children if child.style == "label"]
    if any(
        is_label_for(text, one, Announced.PROBLEMS) or _REMAINS.fullmatch(label_word(text, one))
        for one in labels
    ):
        return True
    fix = next((one for one in labels if is_label_for(text, one, Announced.MEASURES)), None)
    return fix is not None and _WHY.search(text, node.body, fix.start) is not None
