#!/usr/bin/env bash
# Builds the Go clients of this folder and the router nexusd, in the versions of go.mod, into
# ${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/go. Without Go it says so, and the tests that need them are skipped.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v go >/dev/null; then
  echo 'no Go here'
  exit 0
fi
go build -mod=mod -o "${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/go/" \
  ./nexus-client ./xconn-client github.com/gammazero/nexus/v3/nexusd
