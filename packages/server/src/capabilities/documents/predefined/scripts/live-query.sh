fact='{{ Fact }}'
# Nothing in this document is code, and the pattern of Path keeps other lines out. As a line of its own it comes here as it was given.
IFS= read -r path <<'%%'
{{ Path }}
%%

# Every row of an answer is a line of JSON, made by awk: words and numbers add a column, row ends it. Only what all kinds of awk
# agree on is used, and files that may vanish are read with getline, which forgives that.
rows='
  BEGIN {
    for (i = 1; i < 32; i++) escaped[sprintf("%c", i)] = sprintf("\\u%04x", i)
    escaped["\177"] = "\\u007f"
    escaped["\""] = "\\\""
    escaped["\\"] = "\\\\"
  }
  function quoted(text,   i, one, out) {
    if (text !~ /[\001-\037"\\\177]/) return "\"" text "\""
    for (i = 1; i <= length(text); i++) {
      one = substr(text, i, 1)
      out = out (one in escaped ? escaped[one] : one)
    }
    return "\"" out "\""
  }
  function column(name, value) { columns = columns (columns == "" ? "{" : ",") "\"" name "\":" value }
  function words(name, text) { column(name, quoted(text "")) }
  function number(name, text) { column(name, text ~ /^-?[0-9]+(\.[0-9]+)?$/ ? text : "null") }
  function row(   line) {
    line = columns "}"
    columns = ""
    return line
  }
  function whole(amount) { return sprintf("%.0f", amount) }
  function user(uid,   entry) {
    if (!known) while ((getline entry <"/etc/passwd") > 0) {
      split(entry, passwd, ":")
      if (!(passwd[3] in names)) names[passwd[3]] = passwd[1]
    }
    known = 1
    return uid in names ? names[uid] : uid
  }
  # Seconds since 1970 as a time of ISO 8601.
  function utc(seconds,   days, era, rest, year, month) {
    days = int(seconds / 86400) + 719468
    era = int(days / 146097)
    rest = days - era * 146097
    year = int((rest - int(rest / 1460) + int(rest / 36524) - int(rest / 146096)) / 365)
    rest -= 365 * year + int(year / 4) - int(year / 100)
    month = int((5 * rest + 2) / 153)
    rest -= int((153 * month + 2) / 5)
    month = month < 10 ? month + 3 : month - 9
    year += era * 400 + (month <= 2)
    seconds %= 86400
    return sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, rest + 1, seconds / 3600, seconds % 3600 / 60, seconds % 60)
  }
  function line_of(file,   line) {
    line = ""
    getline line <file
    close(file)
    return line
  }
'

# Without the kernel's threads and what this script runs; the largest first, in case an agent has no room for all of them.
processes() {
  printf '%s\n' /proc/[0-9]* >"$work/processes"
  # Arguments end with null characters, which few programs can read, and may have line breaks: they are told apart by marks.
  printf '\001%s\001' "$work" >"$work/mark"
  awk -v mark="$work/mark" '{ print mark; print $0 "/cmdline" }' "$work/processes" | xargs cat 2>/dev/null |
    tr '\n\001\000' ' \n ' >"$work/commands"
  awk -v mark="$work" -v self=$$ -v script="$0" "$rows"'
    # An agent may start the script by way of another shell.
    function ours(pid, arguments) {
      if (script ~ /\// && index(arguments, script)) return 1
      for (; pid > 1; pid = parent[pid]) if (pid == self) return 1
      return 0
    }
    function shortened(text) {
      sub(/ +$/, "", text)
      if (length(text) <= 300) return text
      text = substr(text, 1, 300)
      sub(/[\300-\377]?[\200-\277]*$/, "", text)
      return text "..."
    }
    FILENAME != ARGV[1] { pids[++count] = substr($0, 7) + 0; next }
    $0 == mark { number_of++; next }
    { command[number_of] = command[number_of] $0 }
    END {
      while ((getline entry <"/proc/stat") > 0) if (entry ~ /^btime /) booted = substr(entry, 7)
      for (i = 1; i <= count; i++) read(pids[i])
      for (i = 1; i <= count; i++) if (pids[i] in state && !ours(pids[i], command[i])) print memory[pids[i]] + 0 "\t" told(pids[i], command[i])
    }
    function read(pid,   file, entry, stat, at) {
      file = "/proc/" pid "/stat"
      while ((getline entry <file) > 0) stat = stat entry
      close(file)
      if (!match(stat, /.*\) /)) return
      at = RLENGTH
      split(substr(stat, at + 1), fields, " ")
      # Threads of the kernel have this flag.
      if (int(fields[7] / 2097152) % 2) return
      name[pid] = substr(stat, index(stat, "(") + 1, at - index(stat, "(") - 2)
      state[pid] = fields[1]
      parent[pid] = fields[2]
      processor[pid] = sprintf("%.2f", (fields[12] + fields[13]) / 100)
      began[pid] = booted + int(fields[20] / 100)
      file = "/proc/" pid "/status"
      while ((getline entry <file) > 0) {
        split(entry, fields, " ")
        if (fields[1] == "Uid:") owner[pid] = fields[2]
        if (fields[1] == "VmRSS:") memory[pid] = fields[2]
      }
      close(file)
    }
    function told(pid, arguments) {
      number("pid", pid)
      number("parent", parent[pid])
      words("user", user(owner[pid]))
      words("name", name[pid])
      words("state", state[pid])
      number("memory_kb", memory[pid] + 0)
      number("cpu_seconds", processor[pid])
      words("started", utc(began[pid]))
      words("command", arguments == "" ? "[" name[pid] "]" : shortened(arguments))
      return row()
    }
  ' "$work/commands" "$work/processes" | sort -t "$(printf '\t')" -k 1,1nr | cut -f 2-
}

# Whose processes are seen depends on the agent's rights; root sees all.
listening_ports() {
  # Asked for one folder only, ls would not say which.
  printf '%s/fd\n' /proc/[0-9]* | xargs ls -lq /proc/self/fd 2>/dev/null >"$work/open"
  awk "$rows"'
    /^\/proc\/.*:$/ { pid = /^\/proc\/[0-9]+\/fd:$/ ? substr($0, 7) + 0 : ""; next }
    pid != "" && match($0, / -> .?socket:\[[0-9]+\].?$/) {
      inode = substr($0, RSTART)
      gsub(/[^0-9]/, "", inode)
      if (!(inode in holder) || pid < holder[inode]) holder[inode] = pid
    }
    END {
      listening("tcp", "/proc/net/tcp", "0A")
      listening("tcp", "/proc/net/tcp6", "0A")
      listening("udp", "/proc/net/udp", "07")
      listening("udp", "/proc/net/udp6", "07")
    }
    function listening(protocol, file, state,   entry, pid) {
      while ((getline entry <file) > 0) {
        split(entry, fields, " ")
        if (fields[4] != state) continue
        split(fields[2], place, ":")
        pid = fields[10] in holder ? holder[fields[10]] : ""
        words("protocol", protocol)
        words("address", address(place[1]))
        number("port", hexadecimal(place[2]) "")
        words("user", user(fields[8]))
        number("pid", pid "")
        words("process", pid == "" ? "" : line_of("/proc/" pid "/comm"))
        print hexadecimal(place[2]) "\t" row()
      }
    }
    function hexadecimal(digits,   i, value) {
      value = 0
      for (i = 1; i <= length(digits); i++) value = value * 16 + index("123456789ABCDEF", substr(digits, i, 1))
      return value
    }
    # The kernel writes each four bytes of an address the other way round.
    function address(digits,   i, group, all, zeros, at) {
      if (length(digits) == 8) return dotted(digits)
      if (digits ~ /^0000000000000000FFFF0000/) return "::ffff:" dotted(substr(digits, 25))
      all = ":"
      for (i = 1; i <= 25; i += 8) {
        group = substr(digits, i, 8)
        all = all sprintf("%x:%x:", hexadecimal(substr(group, 7, 2) substr(group, 5, 2)), hexadecimal(substr(group, 3, 2) substr(group, 1, 2)))
      }
      for (zeros = ":0:0:0:0:0:0:0:0:"; length(zeros) > 3; zeros = substr(zeros, 3)) {
        at = index(all, zeros)
        if (at) return substr(all, 2, at - 2) "::" substr(all, at + length(zeros), length(all) - at - length(zeros))
      }
      return substr(all, 2, length(all) - 2)
    }
    function dotted(digits) {
      return hexadecimal(substr(digits, 7, 2)) "." hexadecimal(substr(digits, 5, 2)) "." hexadecimal(substr(digits, 3, 2)) "." hexadecimal(substr(digits, 1, 2))
    }
  ' "$work/open" | sort -t "$(printf '\t')" -k 1,1n -k 2 | cut -f 2-
}

logged_in_users() {
  has who || give_up 'This node has no program who.'
  who | awk "$rows"'
    NR == 1 && /^USER[ \t]/ { next }
    match($0, /([0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]|[A-Z][a-z][a-z] +[0-9]+) +[0-9:]+/) {
      from = substr($0, RSTART + RLENGTH)
      gsub(/[() \t]/, "", from)
      words("user", $1)
      words("terminal", $2)
      words("since", substr($0, RSTART, RLENGTH))
      words("from", from)
      print row()
    }
  '
}

users() {
  awk -F : "$rows"'
    NF >= 7 {
      words("user", $1)
      number("uid", $3)
      number("gid", $4)
      words("name", $5)
      words("home", $6)
      words("shell", $7)
      print row()
    }
  ' /etc/passwd
}

file_hash() {
  [ -n "$path" ] || give_up 'Say of which file, in the parameter Path.'
  state=other hash='' about='::::'
  if [ -f "$path" ]; then
    if hash=$(sha256sum <"$path" 2>/dev/null); then state=file; else state=unreadable; fi
  elif [ -d "$path" ]; then
    state=directory
  elif [ ! -e "$path" ]; then
    state=absent
  fi
  [ "$state" = absent ] || about=$(stat -L -c %s:%a:%U:%G:%Y "$path")
  # What follows -v would be read for backslashes.
  path=$path awk -v state="$state" -v hash="${hash%% *}" -v about="$about" "$rows"'
    BEGIN {
      split(about, facts, ":")
      words("path", ENVIRON["path"])
      words("state", state)
      words("sha256", hash)
      number("bytes", facts[1])
      words("mode", facts[2])
      words("owner", facts[3])
      words("group", facts[4])
      words("modified", facts[5] == "" ? "" : utc(facts[5]))
      print row()
    }
  '
}

disk_usage() {
  # A file server that is away would hold up the answer; not every df can leave them out.
  usage=$(df -kPl 2>/dev/null)
  [ -n "$usage" ] || usage=$(df -kP)
  say "$usage" | awk "$rows"'
    match($0, / +[0-9]+ +[0-9]+ +-?[0-9]+ +([0-9]+%|-) +\//) {
      split(substr($0, RSTART, RLENGTH), amounts, " ")
      sub(/%/, "", amounts[4])
      words("mount", substr($0, RSTART + RLENGTH - 1))
      words("filesystem", substr($0, 1, RSTART - 1))
      number("size_kb", amounts[1])
      number("used_kb", amounts[2])
      number("free_kb", amounts[3])
      number("used_percent", amounts[4])
      print row()
    }
  '
}

memory() {
  awk "$rows"'
    { kb[$1] = $2 }
    END {
      number("total_kb", kb["MemTotal:"])
      number("available_kb", kb["MemAvailable:"])
      number("free_kb", kb["MemFree:"])
      number("cached_kb", kb["Cached:"])
      number("swap_total_kb", kb["SwapTotal:"])
      number("swap_free_kb", kb["SwapFree:"])
      print row()
    }
  ' /proc/meminfo
}

kernel() {
  system=$(. /etc/os-release 2>/dev/null && say "${PRETTY_NAME:-}")
  system=$system release=$(uname -r) version=$(uname -v) machine=$(uname -m) awk "$rows"'
    BEGIN {
      words("release", ENVIRON["release"])
      words("version", ENVIRON["version"])
      words("architecture", ENVIRON["machine"])
      words("system", ENVIRON["system"])
      print row()
    }
  '
}

uptime() {
  awk -v now="$(date +%s)" "$rows"'
    BEGIN {
      split(line_of("/proc/uptime"), up, " ")
      split(line_of("/proc/loadavg"), load, " ")
      while ((getline entry <"/proc/stat") > 0) if (entry ~ /^cpu[0-9]/) processors++
      words("booted", utc(now - int(up[1])))
      number("uptime_seconds", int(up[1]) "")
      number("load_1", load[1])
      number("load_5", load[2])
      number("load_15", load[3])
      number("processors", processors "")
      print row()
    }
  '
}

services() {
  if [ -d /run/systemd/system ]; then
    systemctl list-unit-files --type=service --no-legend --no-pager >"$work/enabled"
    systemctl list-units --type=service --all --plain --no-legend --no-pager >"$work/units"
    awk "$rows"'
      FILENAME == ARGV[1] { enabled[$1] = $2; next }
      { service($1, $3, $4, enabled[$1]) }
      function service(name, state, detail, enabled) {
        sub(/\.service$/, "", name)
        words("service", name)
        words("state", state)
        words("detail", detail)
        words("enabled", enabled)
        print row()
      }
    ' "$work/enabled" "$work/units"
  elif has rc-status; then
    rc-status --all --nocolor | bracketed
  elif has service; then
    service --status-all 2>/dev/null | bracketed
  else
    give_up 'This node has neither systemd nor OpenRC nor init scripts.'
  fi
}

# `name [ started ]` of OpenRC, `[ + ] name` of init scripts.
bracketed() {
  awk "$rows"'
    match($0, /\[ *[^]]*\]/) {
      state = substr($0, RSTART + 1, RLENGTH - 2)
      name = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
      gsub(/^ +| +$/, "", state)
      gsub(/[ \t]/, "", name)
      if (name in seen) next
      seen[name] = 1
      words("service", name)
      words("state", state == "+" ? "running" : state == "-" ? "stopped" : state == "?" ? "unknown" : state)
      print row()
    }
  '
}

case $fact in
  processes) processes ;;
  listening-ports) listening_ports ;;
  logged-in-users) logged_in_users ;;
  users) users ;;
  file-hash) file_hash ;;
  disk-usage) disk_usage ;;
  memory) memory ;;
  kernel) kernel ;;
  uptime) uptime ;;
  services) services ;;
esac
