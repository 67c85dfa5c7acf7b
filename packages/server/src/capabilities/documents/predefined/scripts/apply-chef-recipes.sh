
why_run='{{ WhyRun }}'
version='{{ ChefClientVersion }}'
run_list=$(printf %s '{{ RunList }}' | tr -d '{}" \n')
arguments=$(printf %s '{{ ChefClientArguments }}' | tr -d '{}')
sources=$(printf %s '{{ JsonAttributesSources }}' | tr ',' '\n')
bucket='{{ ComplianceReportBucket }}'
cat >"$work/content.json" <<'%%'
{{ JsonAttributesContent }}
%%
compliance_type='{{ ComplianceType }}'
compliance_severity='{{ ComplianceSeverity }}'

# The client: Cinc, else Chef, in the version that is there; if there is none, what a package source of the node has of the version.
PATH=$PATH:/opt/cinc/bin:/opt/chef/bin
find_client() {
  for client in cinc-client chef-client; do
    if has "$client"; then return; fi
  done
  return 1
}
if ! find_client; then
  [ "$version" = None ] && give_up 'Neither Cinc nor Chef is installed on this node'
  install_package cinc "$version*" || install_package chef "$version*" || give_up "No package source of this node has Cinc or Chef $version"
  find_client || give_up 'The package that was installed has no client'
fi
say "$("$client" --version)"
unpack

# Attributes of all sources and of the parameter become one file; what comes later counts. The client does it itself, in its settings.
: >"$work/attributes"
for source in $sources; do
  [ "$source" = - ] && continue
  [ -f "$source" ] || give_up "There is no $source in what was downloaded"
  say "$PWD/$source" >>"$work/attributes"
done
case $(cat "$work/content.json") in '' | -) ;; *) say "$work/content.json" >>"$work/attributes" ;; esac
cookbooks=$PWD
[ -d cookbooks ] && cookbooks=$PWD/cookbooks
[ -f metadata.rb ] && cookbooks=$work/cookbooks && mkdir "$cookbooks" && ln -s "$PWD" "$cookbooks/$(sed -n "s/^ *name *['\"]\([^'\"]*\).*/\1/p" metadata.rb)"
cat >"$work/client.rb" <<RUBY
local_mode true
cookbook_path '$cookbooks'
chef_repo_path '$PWD'
file_cache_path '$work/cache'
file_backup_path '$work/backup'
node_path '$work/nodes'
client_path '$work/clients'
require 'json'
require 'chef/mixin/deep_merge'
files = File.readlines('$work/attributes', chomp: true)
unless files.empty?
  merged = files.map { |file| JSON.parse(File.read(file)) }.reduce { |all, more| Chef::Mixin::DeepMerge.deep_merge(more, all) }
  File.write('$work/merged.json', JSON.generate(merged))
  json_attribs '$work/merged.json'
end
RUBY

set -f
# shellcheck disable=SC2086 # Arguments are words.
set -- --local-mode --config "$work/client.rb" --override-runlist "$run_list" --format doc --log_level warn --no-color $arguments
set +f
[ "$why_run" = True ] && set -- "$@" --why-run
{
  LC_ALL=C.UTF-8 "$client" "$@"
  say $? >"$work/status"
} | tee "$work/log"
status=$(cat "$work/status")

# Resources in order: what became of them, their name. What was done to one stands below it, further to the right.
awk '
  /^ *\* .*\[.*\] action / { tell(); name = $0; sub(/^ *\* /, "", name); sub(/ action .*/, "", name); became = ($0 ~ /\((up to date|skipped due to .*)\)$/) ? "in-state" : "nothing" }
  /^ *- / && became == "nothing" { became = "changed" }
  /^ *=====/ && name != "" { became = "failed" }
  /^(Running handlers|Recipe:)/ { tell() }
  END { tell() }
  function tell() {
    if (name != "") print (became == "nothing" ? "in-state" : became), name
    name = ""
  }' "$work/log" >"$work/resources"
number=0
while read -r became name; do
  number=$((number + 1))
  verdict=COMPLIANT
  case $became$why_run in failed* | changedTrue) verdict=NON_COMPLIANT ;; esac
  item "$number $name" "$name" "$verdict" State "$became" RunList "$run_list"
done <"$work/resources"
[ "$status" -eq 0 ] || item "$run_list" "Run list $run_list" NON_COMPLIANT ExitCode "$status"
report_compliance
case $bucket in '' | -) ;; *) store_object "$bucket" "${AWS_SSM_INSTANCE_ID:-}/$(date -u +%Y-%m-%dT%H:%M:%SZ | tr : -).log" "$work/log" ;; esac
exit "$status"
