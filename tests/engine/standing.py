"""How everything the engine keeps must stand between two transactions, asked of the database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from flowapp.bootstrap import Flow

_LIVE = "('pending', 'running', 'waiting')"
_WAITS_FOR_AN_EVENT = "EXISTS (SELECT 1 FROM awaited a WHERE a.execution_id = s.execution_id AND a.path = s.path)"
_WAITS_FOR_A_RUN = (
    "EXISTS (SELECT 1 FROM execution c WHERE c.parent_id = s.execution_id AND c.parent_path = s.path "
    f"AND c.awaited AND c.status IN {_LIVE})"
)
# Each answers the rows that break it.
RULES: Mapping[str, str] = {
    "a run that is under way can go on, or waits for something that has a name": f"""
        SELECT e.id FROM execution e WHERE e.status IN {_LIVE} AND e.held_back IS NULL AND NOT EXISTS (
            SELECT 1 FROM step_execution s WHERE s.execution_id = e.id AND (
                (s.status IN ('pending', 'waiting') AND s.run_at IS NOT NULL)
                OR (s.status = 'running' AND s.lease_until IS NOT NULL) OR s.status = 'uncertain'
                OR (s.status = 'waiting' AND ({_WAITS_FOR_AN_EVENT} OR {_WAITS_FOR_A_RUN}))))""",
    "a step that waits for no time waits for an event, a run or its run's turn": f"""
        SELECT s.execution_id, s.path FROM step_execution s JOIN execution e ON e.id = s.execution_id
        WHERE s.status = 'waiting' AND s.run_at IS NULL AND e.held_back IS NULL
        AND NOT {_WAITS_FOR_AN_EVENT} AND NOT {_WAITS_FOR_A_RUN}""",
    "a step around others has one of them under way": """
        SELECT s.execution_id, s.path FROM step_execution s
        WHERE s.status = 'running' AND s.lease_until IS NULL AND NOT EXISTS (
            SELECT 1 FROM step_execution i WHERE i.execution_id = s.execution_id
            AND i.status IN ('pending', 'running', 'waiting', 'uncertain')
            AND (substr(i.path, 1, length(s.path) + 1) IN (s.path || '.', s.path || '[')))""",
    "nothing is under way in a run that has ended": f"""
        SELECT s.execution_id, s.path FROM step_execution s JOIN execution e ON e.id = s.execution_id
        WHERE e.status NOT IN {_LIVE} AND (s.status IN {_LIVE} OR s.lease_until IS NOT NULL)""",
    "a run has its end and its retention when it has ended, and not before": f"""
        SELECT id FROM execution WHERE (finished_at IS NULL) != (status IN {_LIVE})
        OR (retention IS NULL) != (status IN {_LIVE})""",
    "a step has its end when it has ended, and not before": f"""
        SELECT execution_id, path FROM step_execution WHERE (finished_at IS NULL) != (status IN {_LIVE})""",
    "only what has not begun is held back": f"""
        SELECT id FROM execution WHERE held_back IS NOT NULL AND (status NOT IN {_LIVE} OR started_at IS NOT NULL)""",
    "a run in the queue has another one before it": f"""
        SELECT id FROM execution e WHERE e.held_back = 'queue' AND NOT EXISTS (
            SELECT 1 FROM execution b WHERE b.workflow_id = e.workflow_id AND b.run_key = e.run_key
            AND b.status IN {_LIVE} AND b.id < e.id)""",
    "only a step that waits listens": """
        SELECT a.execution_id, a.path FROM awaited a LEFT JOIN step_execution s
        ON s.execution_id = a.execution_id AND s.path = a.path WHERE s.status IS DISTINCT FROM 'waiting'""",
    "a run that is waited for has somebody who waits": f"""
        SELECT c.id FROM execution c LEFT JOIN step_execution s ON s.execution_id = c.parent_id
        AND s.path = c.parent_path WHERE c.awaited AND c.status IN {_LIVE} AND s.status IS DISTINCT FROM 'waiting'""",
    "only what was done can be undone": """
        SELECT u.execution_id, u.path FROM undo u LEFT JOIN step_execution s
        ON s.execution_id = u.execution_id AND s.path = u.path WHERE s.status IS DISTINCT FROM 'completed'""",
    "the epochs of a step's attempts rise, and none is ahead of the step": """
        SELECT a.execution_id, a.path FROM step_attempt a JOIN step_execution s
        ON s.execution_id = a.execution_id AND s.path = a.path WHERE a.epoch > s.epoch OR EXISTS (
            SELECT 1 FROM step_attempt b WHERE b.execution_id = a.execution_id AND b.path = a.path
            AND b.id > a.id AND b.result != 'thrown_away' AND b.epoch < a.epoch)""",
    "a step comes to one result under one epoch": """
        SELECT execution_id, path, epoch FROM step_attempt WHERE result IN ('completed', 'failed', 'lost')
        GROUP BY execution_id, path, epoch HAVING count(*) > 1""",
}


def broken(flow: Flow) -> dict[str, list[tuple[object, ...]]]:
    """Answer the rules that do not hold now, each with the rows that break it."""
    with flow.database.read() as session:
        found = {rule: [tuple(row) for row in session.execute(text(query))] for rule, query in RULES.items()}
    return {rule: rows for rule, rows in found.items() if rows}
