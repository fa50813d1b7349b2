"""Prefect's part: it schedules, runs, retries and shows. It is never the memory."""
