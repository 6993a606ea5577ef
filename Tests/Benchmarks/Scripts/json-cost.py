# Sums costs by agent with Python's json: json-cost.py <log>...
import json
import sys

sums = {}
for log in sys.argv[1:]:
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            payload = json.loads(line)["payload"]
            sum = sums.setdefault(payload["agent"], [0, 0, 0, 0.0])
            sum[0] += 1
            sum[1] += payload["input_tokens"] or 0
            sum[2] += payload["output_tokens"] or 0
            sum[3] += round(payload["cost_usd"] or 0, 6)
for agent in sorted(sums):
    print(agent, *sums[agent])
