#!/bin/sh
# Runs under any POSIX shell. $work is a folder of its own that is gone afterwards.
set -u
LC_ALL=C
HOME=${HOME:-/root}
export LC_ALL HOME
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
give_up() {
  complain "$*"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }
