
check='{{ Check }}'
install='{{ InstallDependencies }}'
verbose='{{ Verbose }}'
playbook='{{ PlaybookFile }}'
extra=$(
  cat <<'%%'
{{ ExtraVariables }}
%%
)
compliance_type=Custom:Ansible
compliance_severity=Unspecified

if [ "$install" = True ]; then
  has ansible-playbook || install_package ansible || install_package ansible-core || give_up 'Ansible cannot be installed'
  has unzip || install_package unzip || give_up 'unzip cannot be installed'
fi
has ansible-playbook || give_up 'Ansible is not installed on this node: run the document with InstallDependencies True'
unpack
file=$(named_or_only "$playbook") || give_up "There is no $playbook in what was downloaded"

set -- -i localhost, -c local "$verbose"
[ -n "$extra" ] && set -- "$@" -e "$extra"
[ "$check" = True ] && set -- "$@" --check
# Ansible insists on UTF-8. Its words are read below, so they are the usual ones whatever the sources configure.
{
  LC_ALL=C.UTF-8 ANSIBLE_NOCOLOR=1 ANSIBLE_FORCE_COLOR=0 ANSIBLE_STDOUT_CALLBACK=default ANSIBLE_DISPLAY_OK_HOSTS=1 \
    ansible-playbook "$@" "$file"
  say $? >"$work/status"
} | tee "$work/log"
status=$(cat "$work/status")

# Tasks in order: their number, what became of them, their name.
awk '
  /^(TASK|RUNNING HANDLER) \[/ { tell(); name = $0; sub(/^[A-Z ]*\[/, "", name); sub(/\] \**$/, "", name); worst = 0 }
  /^PLAY RECAP/ { tell() }
  /^ok: \[/ { found(1) }
  /^changed: \[/ { found(2) }
  /^(fatal|failed): \[/ { found(3) }
  /^\.\.\.ignoring/ { worst = 1 }
  END { tell() }
  function found(how) { if (how > worst) worst = how }
  function tell() {
    if (name != "" && name != "Gathering Facts" && worst) print ++number, substr("ok     changedfailed ", worst * 7 - 6, 7), name
    name = ""
  }' "$work/log" >"$work/tasks"
while read -r number became name; do
  verdict=COMPLIANT
  case $became$check in failed* | changedTrue) verdict=NON_COMPLIANT ;; esac
  item "$number $name" "$name" "$verdict" Task "$became" Playbook "$playbook"
done <"$work/tasks"

recap=$(sed -n '/^PLAY RECAP/,$ s/^localhost *: *//p' "$work/log")
verdict=COMPLIANT
case $recap in *changed=0*) ;; *) [ "$check" = True ] && verdict=NON_COMPLIANT ;; esac
[ "$status" -eq 0 ] || verdict=NON_COMPLIANT
item "$playbook" "Playbook $playbook" "$verdict" Check "$check" Recap "$recap" ExitCode "$status"
report_compliance
exit "$status"
