
check='{{ Check }}'
compliance_type='{{ ComplianceType }}'
compliance_severity='{{ ComplianceSeverity }}'
# Agents put a list into text as JSON; each of its elements becomes a line.
read_json listed <<'%%' || give_up 'The resources are not JSON: does a value from Parameter Store have quotation marks?'
{"resources": {{ Resources }} }
%%
say "$listed_resources" >"$work/resources"
umask 022

# Each kind of resource has a check_, which says by differs or impossible what is not as it should be and changes nothing, and an
# apply_, which makes it so.
differs() { differences="${differences:+$differences, }$*"; }
impossible() { problem="$*"; }

check_file() {
  case $r_file in /*) ;; *) impossible 'the path is not absolute' && return ;; esac
  case ${r_ensure:-present} in
    absent) if [ -e "$r_file" ] || [ -L "$r_file" ]; then differs 'exists'; fi ;;
    directory)
      if [ -d "$r_file" ] && [ ! -L "$r_file" ]; then
        check_attributes
      elif [ -e "$r_file" ] || [ -L "$r_file" ]; then
        impossible 'something else than a directory is there'
      else
        differs 'does not exist'
      fi
      ;;
    present)
      if [ -L "$r_file" ]; then
        differs 'is a link'
      elif [ -f "$r_file" ]; then
        content_differs && differs 'other content'
        check_attributes
      elif [ -e "$r_file" ]; then
        impossible 'something else than a file is there'
      else
        differs 'does not exist'
      fi
      ;;
    *) impossible 'ensure is none of present, absent and directory' ;;
  esac
}

content_differs() {
  [ -n "${r_content+is}" ] && ! printf %s "$r_content" | cmp -s - "$r_file"
}

check_attributes() {
  IFS=: read -r mode uid gid user group <<%%
$(stat -c %a:%u:%g:%U:%G "$r_file")
%%
  if [ -n "${r_mode:-}" ]; then
    case $r_mode in *[!0-7]* | ?????*) impossible 'the mode is not octal' && return ;; esac
    [ "$(printf %o "0$mode")" = "$(printf %o "0$r_mode")" ] || differs "mode $mode"
  fi
  case ${r_owner:-$uid} in "$uid" | "$user") ;; *) differs "owner $user" ;; esac
  case ${r_group:-$gid} in "$gid" | "$group") ;; *) differs "group $group" ;; esac
}

apply_file() {
  case ${r_ensure:-present} in
    absent) if [ -d "$r_file" ] && [ ! -L "$r_file" ]; then rmdir "$r_file"; else rm -f "$r_file"; fi && return ;;
    directory) [ -d "$r_file" ] || mkdir "$r_file" || return ;;
    present) if [ ! -f "$r_file" ] || [ -L "$r_file" ] || content_differs; then replace_file || return; fi ;;
  esac
  if [ -n "${r_owner:-}${r_group:-}" ]; then chown "${r_owner:-}${r_group:+:$r_group}" "$r_file" || return; fi
  if [ -n "${r_mode:-}" ]; then chmod "$r_mode" "$r_file"; fi
}

# The new file takes the place of the old one at once, with its own mode or else the old one's, so that nobody reads it who must not.
replace_file() {
  new=$(mktemp "$r_file.XXXXXX") && printf %s "${r_content:-}" >"$new" || return
  mode=644
  if [ -f "$r_file" ] && [ ! -L "$r_file" ]; then
    mode=$(stat -c %a "$r_file")
    chown "$(stat -c %u:%g "$r_file")" "$new"
  fi
  chmod "${r_mode:-$mode}" "$new" && mv -f "$new" "$r_file" || { rm -f "$new" && return 1; }
  if has restorecon; then restorecon "$r_file"; fi
}

check_package() {
  case $r_package in '' | [!A-Za-z0-9]* | *[!-A-Za-z0-9.+_:]*) impossible 'this is no name of a package' && return ;; esac
  case ${r_version:-} in [!A-Za-z0-9]* | *[!-A-Za-z0-9.+_:~]*) impossible 'this is no version of a package' && return ;; esac
  [ -n "$manager" ] || { impossible 'this node has no package manager that is known' && return; }
  installed=$(package_version "$r_package")
  case ${r_ensure:-present} in
    present)
      if [ -z "$installed" ]; then
        differs 'is not installed'
      elif [ "${r_version:-$installed}" != "$installed" ]; then
        differs "version $installed"
      fi
      ;;
    absent) if [ -n "$installed" ]; then differs "version $installed is installed"; fi ;;
    *) impossible 'ensure is neither present nor absent' ;;
  esac
}

apply_package() {
  if [ "${r_ensure:-present}" = absent ]; then
    remove_package "$r_package"
  else
    install_package "$r_package" "${r_version:-}"
  fi
}

check_service() {
  case $r_service in '' | [!A-Za-z0-9]* | *[!-A-Za-z0-9.@_:]*) impossible 'this is no name of a service' && return ;; esac
  case ${r_ensure:-running} in
    running) service_is running || differs 'is not running' ;;
    stopped) service_is running && differs 'is running' ;;
    *) impossible 'ensure is neither running nor stopped' ;;
  esac
  case ${r_enabled:-} in
    true) service_is enabled || differs 'is not enabled' ;;
    false) service_is enabled && differs 'is enabled' ;;
    '') ;;
    *) impossible 'enabled is neither true nor false' ;;
  esac
}

if [ -d /run/systemd/system ]; then
  services=systemd
elif has rc-service; then
  services=openrc
else
  services=sysv
fi

service_is() {
  case $services-$1 in
    systemd-running) systemctl --quiet is-active "$r_service" ;;
    systemd-enabled) systemctl --quiet is-enabled "$r_service" ;;
    openrc-running) rc-service --quiet "$r_service" status ;;
    openrc-enabled) [ -e "/etc/runlevels/default/$r_service" ] ;;
    sysv-running) service "$r_service" status ;;
    sysv-enabled) ls /etc/rc[2-5].d/S[0-9][0-9]"$r_service" ;;
  esac >/dev/null 2>&1
}

# service_do start|stop|restart|enable|disable
service_do() {
  case $services-$1 in
    systemd-*) systemctl "$1" "$r_service" ;;
    openrc-enable) rc-update add "$r_service" default ;;
    openrc-disable) rc-update del "$r_service" default ;;
    openrc-*) rc-service "$r_service" "$1" ;;
    sysv-enable | sysv-disable) if has update-rc.d; then update-rc.d "$r_service" defaults && update-rc.d "$r_service" "$1"; else chkconfig "$r_service" "$(case $1 in enable) say on ;; *) say off ;; esac)"; fi ;;
    sysv-*) service "$r_service" "$1" ;;
  esac
}

apply_service() {
  case ${r_enabled:-} in
    true) service_is enabled || service_do enable || return ;;
    false) if service_is enabled; then service_do disable || return; fi ;;
  esac
  case ${r_ensure:-running} in
    running) service_is running || service_do start ;;
    stopped) if service_is running; then service_do stop; fi ;;
  esac
}

# Whether one of the files and packages that the service names was changed in this run.
restart_is_due() {
  [ "$kind" = service ] && [ "${r_ensure:-running}" = running ] && [ -n "${r_restartOn:-}" ] && [ -s "$work/changed" ] &&
    printf '%s\n' "$r_restartOn" | grep -qxF -f "$work/changed"
}

# The line is not known by what it names.
unreadable() {
  kind=line name=$number
  impossible "$*"
}

# Reads one resource; sets $kind and $name, and $problem if it cannot be one.
read_resource() {
  unset r_file r_package r_service r_ensure r_content r_mode r_owner r_group r_version r_enabled r_restartOn
  problem='' differences=''
  read_json r <"$work/resource" || { unreadable 'this is not JSON' && return; }
  for kind in file package service; do
    eval "name=\${r_$kind-}"
    [ -z "$name" ] || break
  done
  case $kind in
    file) known=' file ensure content mode owner group ' ;;
    package) known=' package ensure version ' ;;
    service) known=' service ensure enabled restartOn ' ;;
  esac
  [ -n "$name" ] || { unreadable 'this names neither a file nor a package nor a service' && return; }
  for member in $r_members; do
    case $known in *" $member "*) ;; *) impossible "a $kind has no $member" && return ;; esac
  done
  if grep -qxF -e "$kind $name" "$work/seen"; then unreadable "$kind $name is listed before"; fi
  say "$kind $name" >>"$work/seen"
}

# Goes through all resources, tells about each, and counts; $pass is check or apply.
treat() {
  in_state=0 changed=0 drifted=0 failed=0 number=0
  : >"$work/items"
  : >"$work/seen"
  : >"$work/changed"
  while IFS= read -r line <&3; do
    number=$((number + 1))
    printf '%s\n' "$line" >"$work/resource"
    read_resource
    [ -n "$problem" ] || "check_$kind"
    if [ "$pass" = apply ] && [ -z "$problem" ]; then treat_one; fi
    judge
  done 3<"$work/resources"
}

# Makes it so, and looks whether it is.
treat_one() {
  before=$differences
  if [ -n "$before" ]; then
    "apply_$kind" >"$work/trouble" 2>&1 </dev/null
    differences=''
    "check_$kind"
    if [ -n "$differences" ]; then problem="$differences: $(tail -c 1000 "$work/trouble")"; fi
  elif restart_is_due; then
    before='what it depends on was changed'
    service_do restart >"$work/trouble" 2>&1 </dev/null || problem="it cannot be restarted: $(tail -c 1000 "$work/trouble")"
  fi
  if [ -n "$before" ]; then say "$name" >>"$work/changed"; fi
  differences=$before
}

judge() {
  verdict=COMPLIANT
  if [ -n "$problem" ]; then
    verdict=NON_COMPLIANT became=failed failed=$((failed + 1))
  elif [ -z "$differences" ]; then
    became='in state' in_state=$((in_state + 1))
  elif [ "$pass" = apply ]; then
    became=changed changed=$((changed + 1))
  else
    verdict=NON_COMPLIANT became=drifted drifted=$((drifted + 1))
  fi
  why=${problem:-$differences}
  say "$became: $kind $name${why:+: $why}"
  item "$kind $name" "$kind $name" "$verdict" State "$became" Reason "$why"
}

# What is found is told before it is mended, so that a node that had drifted does not look as if it never had.
pass=check
treat >"$work/found"
if [ "$check" = False ] && [ "$drifted" -gt 0 ]; then
  report_compliance
  pass=apply
  treat
else
  cat "$work/found"
fi
report_compliance
say "$number resources: $in_state in state, $changed changed, $drifted drifted, $failed failed"
[ "$failed" -eq 0 ]
