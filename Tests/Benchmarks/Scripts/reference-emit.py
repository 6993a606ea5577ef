# Emits one event as spec-kitty's telemetry did: reference-emit.py <feature folder> <work package>
#
# Its store reads the whole log for the ids that it knows; its clock file is read, counted up and written before the
# event is appended. The reference also imports a validating model of events, which takes longer than all this; without
# it this is the quickest that such a program can be.
import json
import os
import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path


def known_ids(log):
    ids = set()
    if log.exists():
        with log.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    ids.add(json.loads(line)["event_id"])
    return ids


def tick(clock, node):
    values = json.loads(clock.read_text()) if clock.exists() else {}
    values[node] = values.get(node, 0) + 1
    clock.write_text(json.dumps(values, sort_keys=True))
    return values[node]


def main(folder, wp_id):
    folder = Path(folder)
    log = folder / "execution.events.jsonl"
    node = f"cli:{wp_id}"
    event = {
        "event_id": uuid.uuid4().hex[:26].upper(),
        "event_type": "ExecutionEvent",
        "aggregate_id": folder.name,
        "payload": {
            "wp_id": wp_id, "agent": "claude", "role": "implementer", "model": "claude-sonnet-4-5",
            "input_tokens": 48210, "output_tokens": 9120, "cost_usd": 0.2814, "duration_ms": 660000,
            "success": True, "error": None, "exit_code": 0,
        },
        "timestamp": datetime.now(timezone.utc).isoformat(),
        "node_id": node,
        "lamport_clock": tick(folder / ".telemetry-clock.json", node),
        "causation_id": None,
    }
    if event["event_id"] not in known_ids(log):
        with log.open("a", encoding="utf-8") as out:
            out.write(json.dumps(event, sort_keys=True) + "\n")


main(sys.argv[1], sys.argv[2])
