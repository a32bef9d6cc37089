#!/bin/bash
# The whole way of one study: makes a synthetic one, starts the daemon on spool/, drops the study into the inbox, waits
# for its result and shows it. Leaves nothing in the checkout that git would see.
set -euo pipefail
cd "$(dirname "$0")/.."

radiomicsd=.build/release/radiomicsd
config=etc/radiomicsd.yaml
studies=.build/demo
seconds=${DEMO_SECONDS:-120}

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }
[ -t 2 ] || say() { printf '\n%s\n' "$*" >&2; }

if [ ! -d "$studies/phantom-0001" ]; then
  say "A synthetic CT urography (no patient's data is in it)"
  rm -rf "$studies"
  "$radiomicsd" phantom --output "$studies.new" --seed 1
  mv "$studies.new" "$studies"
fi

say "The daemon: radiomicsd serve --config $config"
log=$(mktemp)
"$radiomicsd" serve --config "$config" 2>"$log" &
daemon=$!
finish() {
  kill -TERM "$daemon" 2>/dev/null || true
  wait "$daemon" 2>/dev/null || true
  rm -f "$log"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A name of its own each time, so that the demo can be run again.
study=demo-$(date -u +%Y%m%d-%H%M%S)
say "A study is dropped: cp -r $studies/phantom-0001 spool/inbox/$study"
cp -r "$studies/phantom-0001" "spool/inbox/$study"
start=$SECONDS

outbox=spool/outbox/$study
until [ -e "$outbox/manifest.json" ] || [ -e "$outbox/error.json" ]; do
  if ! kill -0 "$daemon" 2>/dev/null; then
    echo "the daemon ended; it said:" >&2
    cat "$log" >&2
    exit 1
  fi
  if [ $((SECONDS - start)) -ge "$seconds" ]; then
    echo "no result within $seconds s; the daemon said:" >&2
    cat "$log" >&2
    exit 1
  fi
  sleep 0.2
done
say "Result after $((SECONDS - start)) s, of which the daemon waited for the copy to settle (settle_seconds)"
cat "$log" >&2

if [ -e "$outbox/error.json" ]; then
  cat "$outbox/error.json"
  exit 1
fi
# The job is closed a moment after its folder appears.
for _ in $(seq 100); do
  "$radiomicsd" jobs list --config "$config" --state done | grep -qF "$study" && break
  sleep 0.1
done

say "radiomicsd jobs show $study"
"$radiomicsd" jobs show "$study" --config "$config"

say "The result"
probability=$(sed -n 's/^ *"probability": *\([0-9.eE+-]*\),*$/\1/p' "$outbox/result.json" | head -1)
echo "probability  ${probability:-none: $config names no model, or the prediction was withheld}"
echo "outbox       $PWD/$outbox"
ls "$outbox" | sed 's/^/             /'
if grep -q '"demonstration": *true' "$outbox/result.json"; then
  echo "The model is a demonstration: it was fitted on synthetic phantoms and says nothing about patients."
fi
echo "Research use only. Not for diagnosis."
