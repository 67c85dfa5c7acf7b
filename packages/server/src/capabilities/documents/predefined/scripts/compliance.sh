
# item ID TITLE COMPLIANT|NON_COMPLIANT [NAME VALUE]...: remembers a resource for the report.
item() {
  awk 'BEGIN {
    id = ARGV[2]
    if (length(id) > 100) id = substr(id, 1, 60) "..." substr(id, length(id) - 36)
    printf "{\"Id\":%s,\"Title\":%s,\"Severity\":%s,\"Status\":%s,\"Details\":{", text(id, 100), text(ARGV[3], 500), text(ARGV[1], 20), text(ARGV[4], 20)
    for (i = 5; i + 1 < ARGC; i += 2) printf "%s%s:%s", (i > 5 ? "," : ""), text(ARGV[i], 64), text(ARGV[i + 1], 4000)
    print "}}"
  }
  function text(value, most) {
    value = substr(value, 1, most)
    gsub(/\\/, "&&", value)
    gsub(/"/, "\\\\&", value)
    gsub(/\n/, "\\n", value)
    gsub(/[\001-\037\177]/, " ", value)
    return "\"" value "\""
  }' "$(printf %s "$compliance_severity" | tr '[:lower:]' '[:upper:]')" "$@" >>"$work/items"
}

# Tells the server what is known of the resources, in place of what it knew before. A node that cannot report still did its work: it
# says why, and that is all.
report_compliance() {
  [ "$compliance_severity" != None ] && [ "$compliance_type" != Association ] || return 0
  touch "$work/items"
  # For associations, agents name the association as the command.
  {
    printf '{"ResourceId":"%s","ResourceType":"ManagedInstance","ComplianceType":"%s",' "${AWS_SSM_INSTANCE_ID:-}" "$compliance_type"
    printf '"ExecutionSummary":{"ExecutionTime":%s,"ExecutionId":"%s","ExecutionType":"Command"},' "$(date +%s)" "${SSM_COMMAND_ID:-}"
    printf '"Items":['
    awk 'NR > 1 { print "," } { print }' "$work/items"
    printf ']}'
  } >"$work/body"
  find_server Ssm ssm &&
    deliver POST ssm / "$work/body" content-type:application/x-amz-json-1.1 x-amz-target:AmazonSSM.PutComplianceItems ||
    complain "The compliance of this node was not reported: $refusal"
}

# store_object BUCKET KEY FILE
store_object() {
  find_server S3 s3 && deliver PUT s3 "/$1/$2" "$3" "x-amz-content-sha256:$(sha256 <"$3")" ||
    complain "Nothing was stored in the bucket $1: $refusal"
}

# find_server SETTING NAME: sets $credentials, which the agent shares with scripts, $server, and $authority, the file of its certificate
# authority, if it needs one. Our agent shares them with the credentials; Amazon's has its servers in its settings.
find_server() {
  credentials=${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}
  [ -r "$credentials" ] || { refusal="$credentials cannot be read" && return 1; }
  server=$(credential endpoint_url)
  authority=$(credential ca_bundle)
  settings=/etc/amazon/ssm/amazon-ssm-agent.json
  if [ -z "$server" ] && [ -r "$settings" ] && read_json agent <"$settings"; then eval "server=\${agent_$1_Endpoint:-}"; fi
  server=${server:-$2.${AWS_SSM_REGION_NAME:-}.amazonaws.com}
  case $server in *://*) ;; *) server=https://$server ;; esac
  server=${server%/}
  authority=${authority:-${SSL_CERT_FILE:-}}
}

# credential NAME: of the profile.
credential() {
  awk -v name="$1" -v profile="[${AWS_PROFILE:-default}]" '
    /^\[/ { here = $1 == profile }
    here && $1 ~ "^" name "(=|$)" {
      sub(/^[^=]*=[ \t]*/, "")
      sub(/[ \t\r]+$/, "")
      print
    }' "$credentials"
}

# deliver METHOD SERVICE PATH FILE HEADER...: sends the file, signed with the credentials. False, and $refusal, if it is not taken.
deliver() {
  method=$1 service=$2 path=$3 body=$4 at=$(date -u +%Y%m%dT%H%M%SZ)
  shift 4
  token=$(credential aws_session_token)
  printf '%s\n' "$@" "host:${server#*://}" "x-amz-date:$at" ${token:+"x-amz-security-token:$token"} | sort >"$work/headers"
  authorization=$(authorize) && send
}

# The Authorization header of AWS's signature, version 4.
authorize() {
  scope="${at%T*}/${AWS_SSM_REGION_NAME:-}/$service/aws4_request"
  names=$(cut -d: -f1 "$work/headers" | paste -s -d';' -)
  canonical=$(printf '%s\n%s\n\n%s\n\n%s\n%s' "$method" "$path" "$(cat "$work/headers")" "$names" "$(sha256 <"$body")" | sha256)
  key=$(printf 'AWS4%s' "$(credential aws_secret_access_key)" | hexadecimal)
  for part in "${at%T*}" "${AWS_SSM_REGION_NAME:-}" "$service" aws4_request; do
    key=$(printf %s "$part" | hmac "$key")
  done
  signature=$(printf 'AWS4-HMAC-SHA256\n%s\n%s\n%s' "$at" "$scope" "$canonical" | hmac "$key")
  printf 'authorization:AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s\n' \
    "$(credential aws_access_key_id)" "$scope" "$names" "$signature"
}

hexadecimal() { od -A n -v -t x1 | tr -d ' \n'; }
sha256() { sha256sum | cut -d' ' -f1; }

# hmac KEY: of standard input with SHA-256. Keys and results are hexadecimal.
hmac() {
  inner=$({ octets "$1" 54 64 && cat; } | sha256)
  { octets "$1" 92 64 && octets "$inner" 0 32; } | sha256
}

# octets DIGITS MASK COUNT: bytes, each combined with the mask by exclusive or. The digits may be a key: other users see the
# arguments of programs, but not their environment.
octets() {
  # shellcheck disable=SC2059 # The format is what is wanted: escapes for every byte.
  printf "$(DIGITS=$1 awk -v mask="$2" -v count="$3" '
    function digit(at) { return index("123456789abcdef", substr(digits, at, 1)) }
    function exclusive_or(a, b,   bit, result) {
      for (bit = 1; bit < 256; bit *= 2) {
        if (a % 2 != b % 2) result += bit
        a = int(a / 2)
        b = int(b / 2)
      }
      return result
    }
    BEGIN {
      digits = ENVIRON["DIGITS"]
      while (length(digits) < 2 * count) digits = digits "0"
      for (i = 1; i < 2 * count; i += 2) printf "\\%03o", exclusive_or(digit(i) * 16 + digit(i + 1), mask)
    }')"
}

# Secrets go to curl by its standard input, out of sight of others; a token alone, which wget is given, opens nothing.
send() {
  if has curl; then
    http_status=$({ cat "$work/headers" && say "$authorization"; } | sed '/^host:/d; s/^\([^:]*\):\(.*\)/header = "\1: \2"/' |
      curl -K - -s -S -m 60 ${authority:+--cacert "$authority"} -o "$work/answer" -w '%{http_code}' -X "$method" --data-binary "@$body" "$server$path" 2>"$work/trouble")
    [ "$http_status" = 200 ] && return
    refusal="$(cat "$work/trouble") $(head -c 500 "$work/answer" 2>/dev/null)"
  elif has wget; then
    set --
    while IFS= read -r header; do
      case $header in host:*) ;; *) set -- "$@" --header "$header" ;; esac
    done <"$work/headers"
    wget -q -O "$work/answer" ${authority:+--ca-certificate="$authority"} --method "$method" --body-file "$body" "$@" --header "$authorization" "$server$path" 2>"$work/trouble" && return
    refusal="wget could not send it: $(cat "$work/trouble")"
  else
    refusal='there is neither curl nor wget'
  fi
  return 1
}
