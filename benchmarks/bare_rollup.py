"""The least that gives the same figures: what benchmarks/rollup.py measures us by.

Plain SQL as one would write it by hand for this one purpose: no rules that anybody could read or test, no eye
for clocks that were wrong. One text for both databases.
"""

from sqlalchemy import Connection, text

TRAIL = """
with trail as (
    select state, lead_unit_id, due_on, judged_on, opened_on, ended_on, extensions, position,
        lag(state) over past as before, lag(lead_unit_id) over past as from_unit,
        lead(position) over past as next
    from event
    where item_id is not null and at < :cut_off
    window past as (partition by item_id order by position)
)
"""

OPEN = "('assigned', 'in_progress', 'submitted', 'sustained')"

STATES = """
select lead_unit_id, state, count(*)
from (
    select lead_unit_id, state, lead(position) over (partition by item_id order by position) as next
    from event
    where item_id is not null and at < :cut_off
) as trail
where next is null
group by lead_unit_id, state
"""

FIGURES = f"""{TRAIL}
select lead_unit_id, count(*),
    sum(case when opened_on >= :first_on then 1 else 0 end),
    sum(case when state = 'closed' then 1 else 0 end),
    sum(case when state = 'closed' and judged_on < :today and ended_on <= judged_on then 1 else 0 end),
    sum(case when state = 'closed' and judged_on < :today then 1 else 0 end),
    sum(case when state in ('assigned', 'in_progress', 'submitted') and due_on < :today then 1 else 0 end),
    sum(case when state = 'sustained' then 1 else 0 end),
    sum(case when state = 'cancelled' then 1 else 0 end),
    sum(case when due_on is null and state <> 'cancelled' then 1 else 0 end),
    sum(case when due_on is null and state = 'closed' then 1 else 0 end),
    sum(extensions)
from trail
where next is null and opened_on < :end_on and state <> 'draft'
    and (state in {OPEN} or ended_on >= :first_on)
group by lead_unit_id
"""  # noqa: S608 - our own words

MOVES = f"""{TRAIL}
select before, state, from_unit, lead_unit_id, count(*)
from trail
where position > (select coalesce(max(position), 0) from event where at < :start)
    and ((state in {OPEN} and coalesce(before, '') not in {OPEN})
        or (state not in {OPEN} and before in {OPEN})
        or (state in {OPEN} and before in {OPEN} and lead_unit_id <> from_unit))
group by before, state, from_unit, lead_unit_id
"""  # noqa: S608 - as above


def run(
    connection: Connection, given: dict[str, object], *, states: bool = False
) -> list[list[tuple[int, ...]]]:
    """The rows of each statement; `states` asks for the counts by unit and state alone."""
    wanted = (STATES,) if states else (FIGURES, MOVES)
    found = []
    for statement in wanted:
        query = text(statement)
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        found.append([tuple(row) for row in connection.execute(query, used)])
    return found
