
# read_json PREFIX: sets a variable for every text, number and truth value of the JSON on standard input, named by its path:
# {"a":{"b":1}} sets PREFIX_a_b. The elements of a list become lines. PREFIX_members lists the paths. False if it is no JSON.
read_json() {
  unset json_error
  eval "$(awk -v prefix="$1_" '
    { text = text (NR > 1 ? "\n" : "") $0 }
    END {
      value("")
      skip()
      if (text != "") fail()
      for (path in values) members = members " " path
      values["members"] = members
      for (path in values) print prefix path "=" quoted(values[path])
    }
    function fail() {
      print "json_error=1"
      failed = 1
      exit
    }
    function skip() { sub(/^[ \t\r\n]+/, "", text) }
    # True if it comes next; then it is passed.
    function next_is(mark) {
      skip()
      if (substr(text, 1, 1) != mark) return 0
      text = substr(text, 2)
      return 1
    }
    function value(path) {
      if (failed) return
      if (next_is("{")) members_of(path)
      else if (next_is("[")) elements_of(path)
      else if (next_is("\"")) keep(path, string())
      else if (match(text, /^null/)) text = substr(text, 5)
      else if (match(text, /^(-?[0-9][-+.0-9eE]*|true|false)/)) {
        keep(path, substr(text, 1, RLENGTH))
        text = substr(text, RLENGTH + 1)
      } else fail()
    }
    function members_of(path,   name) {
      if (next_is("}")) return
      do {
        if (failed || !next_is("\"")) return fail()
        name = string()
        gsub(/[^A-Za-z0-9]/, "_", name)
        if (!next_is(":")) return fail()
        value(path == "" ? name : path "_" name)
      } while (next_is(","))
      if (!next_is("}")) fail()
    }
    function elements_of(path) {
      if (next_is("]")) return
      do value(path); while (next_is(",") && !failed)
      if (!next_is("]")) fail()
    }
    function keep(path, found) {
      if (path in values) found = values[path] "\n" found
      values[path] = found
    }
    # The rest of a string whose first quotation mark is passed.
    function string(   raw, at, read, escape, code) {
      if (!match(text, /^([^"\\]|\\.)*"/)) {
        fail()
        return ""
      }
      raw = substr(text, 1, RLENGTH - 1)
      text = substr(text, RLENGTH + 1)
      while (at = index(raw, "\\")) {
        escape = substr(raw, at + 1, 1)
        read = read substr(raw, 1, at - 1)
        raw = substr(raw, at + 2)
        if (escape == "u") {
          code = hexadecimal(substr(raw, 1, 4))
          raw = substr(raw, 5)
          if (code >= 55296 && code < 56320 && raw ~ /^\\u[dD][c-fC-F]/) {
            code = 65536 + (code - 55296) * 1024 + hexadecimal(substr(raw, 3, 4)) - 56320
            raw = substr(raw, 7)
          }
          if (code < 1) fail()
          read = read utf8(code)
        } else if (at = index("nrtbf", escape)) read = read substr("\n\r\t\b\f", at, 1)
        else if (index("\"\\/", escape)) read = read escape
        else fail()
      }
      return read raw
    }
    function hexadecimal(digits,   i, code) {
      if (digits !~ /^[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]$/) return 0
      for (i = 1; i <= 4; i++) code = code * 16 + index("123456789abcdef", tolower(substr(digits, i, 1)))
      return code
    }
    function utf8(code) {
      if (code < 128) return sprintf("%c", code)
      if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
      if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
      return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, 128 + code % 64)
    }
    # As one word of the shell that holds nothing but itself.
    function quoted(found,   at, word) {
      while (at = index(found, "\047")) {
        word = word substr(found, 1, at - 1) "\047\\\047\047"
        found = substr(found, at + 1)
      }
      return "\047" word found "\047"
    }
  ')"
  [ -z "${json_error:-}" ]
}
