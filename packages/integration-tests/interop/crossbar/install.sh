#!/usr/bin/env bash
# Installs the router crossbar for the tests into a venv, ${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/crossbar, unless
# what requirements.txt names is there. Without Python 3.11 or later it says so, and the tests that need it are skipped.
set -euo pipefail
cd "$(dirname "$0")"
venv="${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/crossbar"
if ! python3 -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo 'no Python 3.11 with venv here'
  exit 0
fi
wanted="$(python3 -V && cat requirements.txt)"
if [ "$(cat "$venv/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check -r requirements.txt
  echo "$wanted" >"$venv/installed"
fi
