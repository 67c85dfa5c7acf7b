
noop='{{ Noop }}'
install='{{ InstallDependencies }}'
manifest='{{ ManifestFile }}'
modules='{{ ModulePath }}'
compliance_type='{{ ComplianceType }}'
compliance_severity='{{ ComplianceSeverity }}'

PATH=$PATH:/opt/puppetlabs/bin
if [ "$install" = True ] && ! has puppet; then
  install_package openvox-agent || install_package puppet-agent || install_package puppet || give_up 'Puppet cannot be installed'
fi
has puppet || give_up 'Neither OpenVox nor Puppet is installed on this node: run the document with InstallDependencies True'
unpack
file=$(named_or_only "$manifest") || give_up "There is no $manifest in what was downloaded"

set -- --detailed-exitcodes --color=false --lastrunfile "$work/summary" --lastrunreport "$work/report"
[ -d "$modules" ] && set -- "$@" --modulepath "$PWD/$modules"
[ -f hiera.yaml ] && set -- "$@" --hiera_config "$PWD/hiera.yaml"
# What Puppet notes for itself goes away with the folder: a trial leaves nothing behind.
[ "$noop" = True ] && set -- "$@" --noop --vardir "$work/var" --rundir "$work/run" --ssldir "$work/ssl"
LC_ALL=C.UTF-8 puppet apply "$@" "$file"
status=$?

if [ -r "$work/report" ]; then
  # Resources of the manifest and what became of them, as the report has them; some are Puppet's own, a Notify is never in its state.
  awk '
    /^[^ ]/ { inside = $0 ~ /^resource_statuses:/ }
    inside && /^  [^ ]/ { tell() }
    inside && /^    [a-z_]+: / { is[$1] = $2 }
    inside && /^    resource: / { name = $0; sub(/^    resource: ["\047]?/, "", name); sub(/["\047]$/, "", name) }
    END { tell() }
    function tell(   became) {
      if (name != "" && name !~ /^(Schedule|Filebucket|Class|Stage|Notify)\[/) {
        became = "in-state"
        if (is["changed:"] == "true") became = "changed"
        else if (is["out_of_sync:"] == "true") became = "drifted"
        if (is["skipped:"] == "true") became = "skipped"
        if (is["failed:"] == "true" || is["failed_to_restart:"] == "true") became = "failed"
        print became, name
      }
      name = ""
      split("", is)
    }' "$work/report" >"$work/resources"
  while read -r became name; do
    case $became in in-state | changed) verdict=COMPLIANT ;; *) verdict=NON_COMPLIANT ;; esac
    item "$name" "$name" "$verdict" State "$became" Manifest "$manifest"
  done <"$work/resources"
fi
# 2: something was changed. Others: something failed, maybe before there were resources.
[ "$status" -ne 2 ] || status=0
[ "$status" -eq 0 ] || item "$manifest" "Manifest $manifest" NON_COMPLIANT ExitCode "$status"
report_compliance
exit "$status"
