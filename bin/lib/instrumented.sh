# Shared by bin/test: builds that measure coverage or look for errors of memory and for races. Each has a scratch path of
# its own, so that the usual build in .build/debug stays as it is.

# What runs under the sanitizers: all suites but ArchitectureTests, which read source text. One module and four tests at
# a time, or simulations starve the tests that have a limit of time.
sanitized_modules=(
    EdisonCore EdisonText EdisonStatistics EdisonSQL EdisonEvents EdisonJobs EdisonLLM EdisonPrompts EdisonDatasets
    EdisonEvaluation EdisonExperiments Simulator EdisonWeb EdisonAccounts EdisonProviders EdisonBudgets
    EdisonIntegrations EdisonOperations Server Live
)
# The program itself: whole runs of the loop with the simulator, killed ones too, and several processes on one run.
sanitized_program=(
    Tests/EndToEnd/test_demo.py::test_the_demo_runs_on_postgresql_and_what_it_stored_is_there
    Tests/EndToEnd/test_demo.py::test_a_demo_that_kills_itself_twice_pays_for_nothing_twice
    Tests/EndToEnd/test_joining.py
    Tests/EndToEnd/test_webhooks.py
)

reports() { cat "$work/$1"/report.* 2> /dev/null | grep -acE '(ERROR|WARNING): (Address|Thread)Sanitizer' || true; }

# sanitize_by NAME: builds with one sanitizer, runs under it, and counts what it reports.
sanitize_by() {
    local name=$1 found module
    options=(--scratch-path ".build/$name" --sanitize="$name")
    build "$name" "${options[@]}"
    export EDISON_TEST_BINARY="$root/.build/$name/debug/edison"
    mkdir "$work/$name"
    [ "$name" = address ] || explain_locks
    for module in "${sanitized_modules[@]}"; do
        filter=(--filter "^${module}Tests\.")
        swift_tests
    done
    end_to_end_tests "${sanitized_program[@]}"
    unset LD_PRELOAD
    found=$(reports "$name")
    more+=", $found reports of the $name sanitizer"
    [ "$found" = 0 ] || failed=$((failed + 1))
}

# At the end, whatever ended it: a first error of memory ends the program that has it.
show_reports() {
    local report
    for report in "$work"/{address,thread}/report.*; do
        [ ! -e "$report" ] || head -c 20000 "$report" >&2
    done
}

# For what runs from here on: see Support/Sanitizers/mutex.c.
explain_locks() {
    "$(toolchain)/clang" -O1 -shared -fPIC Support/Sanitizers/mutex.c -o "$work/mutex.so"
    export LD_PRELOAD="$work/mutex.so"
}

sanitize() {
    local rules="$root/Support/Sanitizers"
    trap 'show_reports; stop' EXIT
    # Leaks at the end of a process are the runtime's own: what it makes once and keeps.
    export ASAN_OPTIONS="detect_leaks=0:suppressions=$rules/address.txt:log_path=$work/address/report"
    export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4
    export TSAN_OPTIONS="log_path=$work/thread/report"
    sanitize_by address
    sanitize_by thread
}

# What SwiftPM brings beside `swift`; a system's llvm-cov may not read the profiles.
toolchain() {
    swiftc -print-target-info | python3 -c '
import json, pathlib, sys
print(pathlib.Path(json.load(sys.stdin)["paths"]["runtimeResourcePath"]).parents[1] / "bin")'
}

# Adds the profiles of processes that have ended to one file, so that those of thousands need no more room than a few.
# Processes do not do so themselves (%m): what several merged into one file at once came out damaged.
add_profiles() {
    local profile ready=() sum="$1/lines.profdata"
    for profile in "$1"/*.profraw; do
        [ -e "$profile" ] && ! kill -0 "$(basename "$profile" .profraw)" 2> /dev/null && ready+=("$profile")
    done
    [ ${#ready[@]} -gt 0 ] || return 0
    local all=("${ready[@]}")
    [ -e "$sum" ] && all+=("$sum")
    # One that was killed while it wrote has left a broken one, which is passed over.
    "$tools/llvm-profdata" merge --sparse --failure-mode=all "${all[@]}" -o "$sum.new" 2> /dev/null \
        && mv "$sum.new" "$sum"
    rm -f "${ready[@]}"
}

keep_adding_profiles() {
    while [ ! -e "$1/end" ]; do
        sleep 5
        add_profiles "$1"
    done
}

coverage() {
    local tools folder=.build/coverage profiles="$work/profiles"
    tools=$(toolchain)
    options=(--scratch-path "$folder")
    build coverage "${options[@]}" --enable-code-coverage
    export EDISON_TEST_BINARY="$root/$folder/debug/edison"
    # A process that is killed leaves no profile.
    export LLVM_PROFILE_FILE="$profiles/%p.profraw"
    mkdir "$profiles"
    keep_adding_profiles "$profiles" &
    adding=$!
    trap 'kill "$adding" 2> /dev/null; stop' EXIT
    all_swift_tests
    end_to_end_tests Tests/EndToEnd
    unset LLVM_PROFILE_FILE
    touch "$profiles/end"
    wait "$adding"
    add_profiles "$profiles"
    "$tools/llvm-cov" export --summary-only --instr-profile="$profiles/lines.profdata" \
        "$folder/debug/edisonPackageTests.xctest" --object "$folder/debug/edison" > "$folder/lines.json"
    python3 bin/lib/coverage.py "$folder/lines.json" || failed=$((failed + 1))
}
