#!/usr/bin/env bash
# fuzz/run.sh FORMAT MINUTES   fuzzes a format with AFL++ and sums up; inputs that break the property lie in fuzz/bin/findings/FORMAT.
# Build first: fuzz/build.sh. "dotnet fuzz/bin/Release/net10.0/fuzz.dll list" lists the formats.
set -euo pipefail
cd "$(dirname "$0")/.."
format=$1 minutes=$2
plain="fuzz/bin/Release/net10.0/fuzz.dll" instrumented="fuzz/bin/afl/fuzz.dll" seeds="fuzz/bin/seeds/$format" findings="fuzz/bin/findings/$format"
rm -rf "$seeds" "$findings"
mkdir -p fuzz/bin/findings
dotnet "$plain" seeds "$format" "$seeds"
words=(); [ -s "$seeds.dict" ] && words=(-x "$seeds.dict")

# A crash is an exception that is not documented, a second of processor time, or more memory than this.
export DOTNET_GCHeapHardLimit=0x10000000
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
[ -d /dev/shm ] && export TMPDIR=/dev/shm
# The time limit is for inputs that never end; programs beside it may take the processor away for a while.
afl-fuzz -i "$seeds" -o "$findings" "${words[@]}" -t 20000 -m none -V $((60 * minutes)) -- dotnet "$instrumented" run "$format" > "$findings.log" 2>&1 || { tail -20 "$findings.log"; exit 1; }
grep -E '^(run_time|execs_done|edges_found|bitmap_cvg|corpus_count|saved_crashes|saved_hangs) ' "$findings/default/fuzzer_stats"
