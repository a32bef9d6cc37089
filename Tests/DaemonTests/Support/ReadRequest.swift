extension TestSpool {
  /// Lines of a shell script that read the daemon's request: `$verb`, `$input`, `$output` and `$memory`, and any text of
  /// the request by `field NAME`.
  ///
  /// A request has one member per line; a name that is not text stands there as its bytes.
  static let readRequest = #"""
    verb=$1
    request=$3
    [ "$request" != - ] || request=/dev/stdin
    field() { printf '%b' "$(sed -n 's/^ *"'"$1"'": "\(.*\)",\{0,1\}$/\1/p' "$request" | sed 's/\\"/"/g')"; }
    number() { sed -n 's/^ *"'"$1"'": \([0-9]*\),\{0,1\}$/\1/p' "$request"; }
    bytes() {
      for byte in $(sed -n 's/^ *"'"$1"'": \[\(.*\)\],\{0,1\}$/\1/p' "$request" | tr -d ,); do
        printf "\\$(printf %03o "$byte")"
      done
    }
    input=$(field input)
    [ -n "$input" ] || input=$(bytes input)
    output=$(field output)
    memory=$(number memory)
    """#
}
