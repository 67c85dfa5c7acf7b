
# Unpacks the archives among what was downloaded where they lie. What came by HTTP has no name to tell by, but a beginning.
unpack() {
  find . -type f \( -name '*.zip' -o -name '*.tgz' -o -name '*.tar.gz' -o -name 'download*' ! -name '*.*' \) >"$work/archives"
  while IFS= read -r archive; do
    case $(head -c 2 "$archive" | od -A n -t x1 | tr -d ' \n') in
      504b) unzip_into "$(dirname "$archive")" || give_up "$archive cannot be unpacked" ;;
      1f8b) tar -xzf "$archive" -C "$(dirname "$archive")" || give_up "$archive cannot be unpacked" ;;
    esac
  done <"$work/archives"
}

unzip_into() {
  if has unzip; then
    unzip -o -q "$archive" -d "$1"
  elif has python3; then
    python3 -m zipfile -e "$archive" "$1"
  else
    give_up "There is no unzip on this node for $archive"
  fi
}

# named_or_only NAME: the file of that name, or the only file there is, since HTTP gives files no names.
named_or_only() {
  if [ -e "$1" ]; then
    say "$1"
  elif [ "$(find . -type f | wc -l)" -eq 1 ]; then
    find . -type f
  else
    return 1
  fi
}
