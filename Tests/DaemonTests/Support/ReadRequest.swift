extension TestSpool {
  /// Lines of a shell script that read what the daemon asks for: `$verb`, `$input`, `$output` and `$memory`, and a text of
  /// the request by `field NAME`.
  ///
  /// A request has one member per line; a name that is not text is written as its bytes.
  static let readRequest = #"""
    verb=$1
    request=$3
    field() { sed -n 's/^ *"'"$1"'": "\(.*\)",\{0,1\}$/\1/p' "$request" | sed 's/\\\(["\\]\)/\1/g'; }
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
