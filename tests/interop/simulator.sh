# Sourced by the other scripts: starts a simulator on a free port, and stops it with the script.
#
# Sets ORIGIN (http://127.0.0.1:…), BASE_URL and TOKEN. SIMULATOR may name a built program.

start_simulator() {
    local root
    root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
    SIMULATOR_LOG="$(mktemp)"
    if [ -z "${SIMULATOR:-}" ]; then
        (cd "$root" && cargo build --quiet --package graph-incidents-simulator)
        SIMULATOR="${CARGO_TARGET_DIR:-$root/target}/debug/graph-incidents-simulator"
    fi
    TOKEN=interop
    "$SIMULATOR" --port 0 --token "$TOKEN" --incidents 300 --seed 1 --quiet --json "$@" > "$SIMULATOR_LOG" &
    SIMULATOR_PID=$!
    trap 'kill "$SIMULATOR_PID" 2>/dev/null; rm -f "$SIMULATOR_LOG"' EXIT
    for _ in $(seq 100); do
        BASE_URL="$(sed -n 's/.*"baseUrl":"\([^"]*\)".*/\1/p' "$SIMULATOR_LOG")"
        [ -n "$BASE_URL" ] && break
        kill -0 "$SIMULATOR_PID" 2>/dev/null || { echo "the simulator did not start" >&2; return 1; }
        sleep 0.1
    done
    ORIGIN="${BASE_URL%/beta}"
    export ORIGIN BASE_URL TOKEN
}

# The interpreter that has the pinned packages: VENV, or .venv beside this file.
find_python() {
    local here
    here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
    PYTHON="${VENV:-$here/.venv}/bin/python"
}
