#!/usr/bin/env bash
# Installs the Autobahn test suite, which runs on Python 2.7 alone, into
# ${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/autobahn-testsuite. Python 2.7 is the one that WAMPKIT_PYTHON2 names, or one
# of PATH or pyenv. Without it the script says so, and the tests that need it are skipped.
set -euo pipefail

version=25.10.1
target="${XDG_CACHE_HOME:-$HOME/.cache}/wampkit/autobahn-testsuite"

find_python() {
  local candidate
  for candidate in "${WAMPKIT_PYTHON2:-}" python2.7 python2 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/2.7.*/bin/python; do
    if [ -n "$candidate" ] && "$candidate" -c 'import pip, sys; sys.exit(sys.version_info[:2] != (2, 7))' 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return 0
    fi
  done
  return 1
}

if ! python="$(find_python)"; then
  echo 'no Python 2.7 with pip here'
  exit 0
fi
wanted="$python $version"
if [ "$(cat "$target/installed" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
rm -rf "$target"
mkdir -p "$target"
PYTHONUSERBASE="$target" "$python" -m pip install -q --user --disable-pip-version-check --no-warn-script-location \
  "autobahntestsuite==$version"
ln -s "$python" "$target/python"
echo "$wanted" >"$target/installed"
