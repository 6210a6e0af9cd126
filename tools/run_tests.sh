#!/bin/sh
# Run tests. Where one to three of them fail, run those once more, alone, on a machine that is quiet by
# now, and name them: what is broken fails again, and what was only late is known to be shaky.
# Three at a time on two processors: a third of the time a test waits, for a browser or a server.
set -u
.venv/bin/pytest -q -n 3 --dist loadfile --no-loadscope-reorder --cache-clear "$@"
status=$?
test "$status" -eq 1 || exit "$status"
failed=$(.venv/bin/python -c 'import json; print(len(json.load(open(".pytest_cache/v/cache/lastfailed"))))')
test "$failed" -le 3 || exit 1
echo "--- $failed failed: once more, alone"
.venv/bin/pytest -q -n 0 --last-failed --last-failed-no-failures none "$@" || exit 1
echo "--- passed the second time: shaky, look at them"
