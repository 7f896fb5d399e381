#!/usr/bin/env bash
# Serves two shipped models and talks to them with OpenAI's client from PyPI.
#
#     PYTHON=/path/to/venv/bin/python tests/server/openai.sh [BUILD]
#
# Says so and does nothing where PYTHON has no package `openai`.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=${1:-build/release}
python=${PYTHON:-python3}
if ! "$python" -c 'import openai' 2>/dev/null; then
  echo "SKIPPED: $python has no package 'openai' (python3 -m venv DIR && DIR/bin/pip install openai)" >&2
  exit 0
fi

output=$(mktemp)
LOCUS_MODELS=weights "$build/tools/cli/locus" serve causal-rope masked-learned --port 0 --json >"$output" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -f "$output"' EXIT
for _ in $(seq 100); do
  [ -s "$output" ] && break
  sleep 0.1
done
url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$output")
"$python" tests/server/openai_client.py "$url" causal-rope masked-learned
kill -TERM $server
wait $server
echo "ok   the server ended with status 0 after SIGTERM"
