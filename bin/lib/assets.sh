#!/usr/bin/env bash
# Writes the list of templates and assets that the program carries: Sources/EdisonAssets/assets.c.
#
#   bin/lib/assets.sh          write the list
#   bin/lib/assets.sh --check  say whether it is fresh
set -euo pipefail
cd "$(dirname "$0")/../.."

list() {
    { echo docs/reference/experiment-file.schema.json; find Sources -type f \( -path '*/Templates/*' -o -path '*/Assets/*' -o -path '*/Prompts/*' \) \
        ! -name '*.swift' ! -path 'Sources/EdisonAssets/*'; } | LC_ALL=C sort
}

# Features/Experiments/Templates/report.mustache is known as Experiments/Templates/report.mustache.
short() { printf '%s' "${1#Sources/}" | sed -e 's|^Features/||' -e 's|^Platform/||'; }

write() {
    echo '// Made by bin/lib/assets.sh. Do not edit.'
    echo '#include "assets.h"'
    echo
    local index=0
    list | while read -r file; do
        printf 'static const unsigned char asset_%d[] = {\n#embed "../../%s"\n};\n' "$index" "$file"
        index=$((index + 1))
    done
    echo
    echo 'static const struct embedded_asset assets[] = {'
    index=0
    list | while read -r file; do
        printf '    { "%s", asset_%d, sizeof asset_%d },\n' "$(short "$file")" "$index" "$index"
        index=$((index + 1))
    done
    echo '};'
    echo
    echo 'int embedded_asset_count(void) { return sizeof assets / sizeof assets[0]; }'
    echo 'const struct embedded_asset *embedded_asset_at(int index) { return &assets[index]; }'
}

target=Sources/EdisonAssets/assets.c
if [ "${1:-}" = --check ]; then
    if ! write | cmp -s - "$target"; then
        echo "The list of assets is stale; renew it with: bin/check --write" >&2
        exit 1
    fi
else
    write > "$target.new"
    mv "$target.new" "$target"
fi
