#!/bin/sh
# Installs Steward's agent on this machine and enrols it with the control plane that served this script.
# Everything it downloads is checked against the SHA-256 written below. Running it again updates the agent.
set -eu

url='@URL@'
region='@REGION@'
bundle_sha256='@BUNDLE_SHA256@'
oldest_node=@OLDEST_NODE@

# The SHA-256 of the Node runtime that the server has for a platform; nothing when it has none.
runtime_sha256() {
  case "$1" in
@RUNTIMES@
    *) ;;
  esac
}

# The certificate authority of the control plane; nothing when it is called without TLS.
print_ca() {
  cat <<'PEM'
@CA@
PEM
}

usage() {
  cat <<TEXT
Installs Steward's agent and enrols this machine with $url

  agent.sh --activation-id ID --activation-code CODE [options]
  agent.sh --uninstall

As root: a service for the whole machine, in /opt/steward-agent and /var/lib/steward-agent.
As another user: an agent that does what this user may do, in ~/.local/share and ~/.local/state.

  --activation-id ID      from 'steward node add', or 'aws ssm create-activation'
  --activation-code CODE  its secret; or set STEWARD_ACTIVATION_CODE
  --force                 enrol again as a new node, although this machine is enrolled
  --node PATH             the Node to run the agent with (at least version $oldest_node)
  --no-start              install and enrol, but do not start
  --foreground            stay and run the agent here, as a container does
  --uninstall             stop the agent and remove it and its state
TEXT
}

say() { printf 'steward: %s\n' "$*"; }
fail() {
  printf 'steward: %s\n' "$*" >&2
  exit 1
}

main() {
  activation_id=''
  activation_code=${STEWARD_ACTIVATION_CODE:-}
  node=''
  force=no
  start=service
  action=install
  while [ $# -gt 0 ]; do
    case "$1" in
      --activation-id) activation_id=$(value "$@"); shift ;;
      --activation-code) activation_code=$(value "$@"); shift ;;
      --node) node=$(value "$@"); shift ;;
      --force) force=yes ;;
      --no-start) start=no ;;
      --foreground) start=foreground ;;
      --uninstall) action=uninstall ;;
      -h | --help) usage; exit 0 ;;
      *) usage >&2; fail "there is no option $1" ;;
    esac
    shift
  done
  choose_places
  "$action"
}

value() {
  [ $# -ge 2 ] || fail "$1 needs a value"
  printf '%s' "$2"
}

choose_places() {
  if [ "$(id -u)" = 0 ]; then
    home=/opt/steward-agent
    state=/var/lib/steward-agent
    unit=/etc/systemd/system/steward-agent.service
    scope=--system
    wanted_by=multi-user.target
  else
    home=$HOME/.local/share/steward-agent
    state=$HOME/.local/state/steward-agent
    unit=$HOME/.config/systemd/user/steward-agent.service
    scope=--user
    wanted_by=default.target
  fi
}

install() {
  has curl || fail 'curl is needed; install it and run this again'
  check_enrolment
  umask 022
  mkdir -p "$home"
  work=$(mktemp -d "$home/.install.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  print_ca | sed '/^$/d' >"$work/ca.pem"

  say "downloading the agent from $url"
  download /install/agent.mjs "$work/agent.mjs" "$bundle_sha256"
  choose_node
  "$node" "$work/agent.mjs" --version >/dev/null || fail "the agent does not run with $node"
  mv "$work/agent.mjs" "$home/agent.mjs"
  mv "$work/ca.pem" "$home/ca.pem"
  write_command
  rm -rf "$work"

  (umask 077 && mkdir -p "$state")
  stop_agent
  if [ "$enrol" = yes ]; then enrol; fi
  start_agent
}

# Node from --node, from the machine, from an earlier installation, or from the server, in this order.
choose_node() {
  if [ -n "$node" ]; then
    node_is_usable "$node" || fail "$node is not Node $oldest_node or newer"
    return
  fi
  node=$(command -v node || true)
  if [ -n "$node" ] && node_is_usable "$node" && node_is_safe "$node"; then
    say "using $node ($("$node" --version))"
    return
  fi
  platform=$(platform)
  sha256=$(runtime_sha256 "$platform")
  [ -n "$sha256" ] || fail "there is no Node $oldest_node or newer here, and the server has no runtime for $platform: install Node and run this again"
  node=$home/node
  if [ -x "$node" ] && [ "$(sha256_of "$node")" = "$sha256" ]; then return; fi
  say "downloading a Node runtime for $platform"
  download "/install/runtime/$platform" "$work/node" "$sha256"
  chmod 755 "$work/node"
  node_is_usable "$work/node" || fail "the server's runtime does not run here (musl, or an older C library?): install Node $oldest_node or newer and run this again"
  mv "$work/node" "$node"
}

node_is_usable() {
  major=$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
  [ "$major" -ge "$oldest_node" ] 2>/dev/null
}

# A service of root must not run a program that another user can replace.
node_is_safe() {
  [ "$(id -u)" != 0 ] || [ -n "$(find -L "$1" -prune -user 0 ! -perm -0002 2>/dev/null)" ]
}

platform() {
  case "$(uname -s)" in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    *) system=$(uname -s) ;;
  esac
  case "$(uname -m)" in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) machine=$(uname -m) ;;
  esac
  printf '%s-%s' "$system" "$machine"
}

# download PATH FILE SHA256
download() {
  if [ -s "$work/ca.pem" ]; then set -- "$@" --cacert "$work/ca.pem"; fi
  from=$url$1 to=$2 sha256=$3
  shift 3
  curl -fsS --retry 3 "$@" -o "$to" "$from" || fail "$from could not be downloaded"
  [ "$(sha256_of "$to")" = "$sha256" ] || fail "$from is not what this script expects (the server may have been updated meanwhile): fetch the script again"
}

sha256_of() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 "$1" | sed 's/.* //'
  else
    fail 'sha256sum, shasum or openssl is needed to check downloads; install one and run this again'
  fi
}

has() { command -v "$1" >/dev/null 2>&1; }

# The command that operators use, with the right runtime and state.
write_command() {
  cat >"$home/steward-agent" <<TEXT
#!/bin/sh
command=\${1:---help}
[ \$# -eq 0 ] || shift
case "\$command" in
  -*) exec '$node' '$home/agent.mjs' "\$command" "\$@" ;;
  *) exec '$node' '$home/agent.mjs' "\$command" --state '$state' "\$@" ;;
esac
TEXT
  chmod 755 "$home/steward-agent"
}

# Sets enrol=yes when this machine is to become a node.
check_enrolment() {
  enrolled_at=$(configured url)
  enrol=yes
  if [ -n "$enrolled_at" ] && [ "$force" = no ]; then
    [ "$enrolled_at" = "$url" ] || fail "this machine is enrolled with $enrolled_at; --force enrols it with $url"
    say "this machine is enrolled already, as $(configured nodeId)"
    enrol=no
  elif [ -z "$activation_id" ] || [ -z "$activation_code" ]; then
    fail '--activation-id and --activation-code are needed to enrol; steward node add prints them'
  fi
}

enrol() {
  set -- --url "$url" --region "$region" --activation-id "$activation_id"
  if [ -s "$home/ca.pem" ]; then set -- "$@" --ca "$home/ca.pem"; fi
  if [ "$force" = yes ]; then set -- "$@" --force; fi
  say 'enrolling this machine'
  "$home/steward-agent" register "$@" --activation-code "$activation_code" >/dev/null || fail 'this machine could not be enrolled'
  say "enrolled as $(configured nodeId)"
}

# One member of the agent's configuration; nothing when there is none.
configured() {
  [ -f "$state/configuration.json" ] || return 0
  sed -n 's/^ *"'"$1"'": "\([^"]*\)".*/\1/p' "$state/configuration.json"
}

start_agent() {
  case "$start" in
    no) say "not started; start it with: $home/steward-agent run" ;;
    foreground)
      trap - EXIT INT TERM HUP
      exec "$home/steward-agent" run
      ;;
    service)
      if systemd_runs; then start_service; else start_in_background; fi
      ;;
  esac
}

systemd_runs() {
  [ -d /run/systemd/system ] && has systemctl && systemctl "$scope" show-environment >/dev/null 2>&1
}

start_service() {
  mkdir -p "$(dirname "$unit")"
  # KillMode: a script that runs on belongs to its command, a session to its user, and the next agent reports their end.
  cat >"$unit" <<TEXT
[Unit]
Description=Steward agent
Wants=network-online.target
After=network-online.target

[Service]
ExecStart="$home/steward-agent" run
Restart=always
RestartSec=5
KillMode=process

[Install]
WantedBy=$wanted_by
TEXT
  systemctl "$scope" daemon-reload
  systemctl "$scope" enable --quiet steward-agent
  systemctl "$scope" restart steward-agent
  say "running as the service steward-agent; its log: journalctl $([ "$scope" = --system ] || printf -- '--user ')-u steward-agent"
  if [ "$scope" = --user ]; then say "to let it run while you are not logged in: loginctl enable-linger $(id -un)"; fi
}

start_in_background() {
  log=$state/agent.log
  if has setsid; then detach=setsid; else detach=nohup; fi
  "$detach" "$home/steward-agent" run >>"$log" 2>&1 </dev/null &
  sleep 1
  kill -0 $! 2>/dev/null || fail "the agent ended at once; its log is $log"
  say "running in the background, because there is no systemd here; its log is $log"
  say "after a reboot start it with: $home/steward-agent run"
}

stop_agent() {
  if [ -f "$unit" ] && systemd_runs; then systemctl "$scope" stop steward-agent || true; fi
  [ -f "$state/agent.lock" ] || return 0
  read -r pid _ <"$state/agent.lock" || return 0
  runs_agent "$pid" || return 0
  say 'stopping the agent that runs'
  kill "$pid"
  waited=0
  while runs_agent "$pid"; do
    [ "$waited" -lt 30 ] || fail "the agent (process $pid) does not end"
    sleep 1
    waited=$((waited + 1))
  done
}

# Whether a process is the agent, and not a stranger that got its number after a reboot.
runs_agent() {
  if [ -d /proc/self ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -p "$1" -o args=; fi 2>/dev/null |
    grep -qF "$home/agent.mjs"
}

# Sessions outlive an agent that is stopped or updated, but not one that is removed.
end_sessions() {
  for worker in "$state"/sessions/*/worker; do
    [ -f "$worker" ] || continue
    read -r pid _ <"$worker" || true
    if runs_agent "$pid"; then kill "$pid" || true; fi
  done
}

uninstall() {
  node_id=$(configured nodeId)
  stop_agent
  end_sessions
  if [ -f "$unit" ]; then
    if systemd_runs; then systemctl "$scope" disable --quiet steward-agent || true; fi
    rm -f "$unit"
    if systemd_runs; then systemctl "$scope" daemon-reload; fi
  fi
  rm -rf "$home" "$state"
  say 'the agent and its state are gone from this machine'
  if [ -n "$node_id" ]; then
    say "to take it off the list of nodes too: aws ssm deregister-managed-instance --instance-id $node_id"
  fi
}

# Last, so that a download that was cut short does nothing.
main "$@"
