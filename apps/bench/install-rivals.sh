#!/usr/bin/env bash
# Installs the rivals from their registries into a cache folder outside the clone, at the versions that rivals/ names.
# One that cannot be had is reported, with the end of its installer's words, and the benchmark then skips it.
set -uo pipefail
here="$(cd "$(dirname "$0")" && pwd)/rivals"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/rivals"
mkdir -p "$cache/bin"
failed=0

# rival NAME COMMAND...
rival() {
  local name="$1" log="$cache/$1.log"
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    echo "$name: installed"
  else
    failed=1
    echo "$name: NOT installed: $(tail -3 "$log")"
  fi
}

# `go install NAME@VERSION` asks for a list of versions, which not every proxy serves; a go.mod names them all, and a
# go.sum says what they must be.
go_program() {
  cd "$here/go" && go build -mod=readonly -o "$cache/bin/" "$1"
}

crossbar() {
  python3 -m venv "$cache/crossbar-venv" && "$cache/crossbar-venv/bin/pip" install -r "$here/requirements.txt"
}

fox_wamp() {
  mkdir -p "$cache/fox-wamp" && cp "$here/package.json" "$cache/fox-wamp/" &&
    npm install --no-audit --no-fund --prefix "$cache/fox-wamp"
}

rival nexusd go_program github.com/gammazero/nexus/v3/nexusd
rival nxt go_program github.com/xconnio/xconn-go/cmd/nxt
rival crossbar crossbar
rival fox-wamp fox_wamp
exit "$failed"
