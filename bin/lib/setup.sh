# Shared by the scripts in bin/: what a bare Debian or Ubuntu machine lacks is named and installed.

say() { printf '%s\n' "$*" >&2; }

# need_packages REASON PACKAGE...: installs the ones that are missing, saying so first.
need_packages() {
    local reason=$1 missing=() package
    shift
    command -v dpkg-query > /dev/null || return 0
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "Missing Debian packages ($reason): ${missing[*]}"
    local run=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
            run=(sudo)
        else
            say "Install them and start again:"
            say "    sudo apt-get update && sudo apt-get install -y ${missing[*]}"
            return 1
        fi
    fi
    say "Installing them with apt-get …"
    if ! { "${run[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } > /tmp/edison-apt.$$ 2>&1; then
        tail -5 /tmp/edison-apt.$$ >&2
        rm -f /tmp/edison-apt.$$
        say "That failed. Install by hand: apt-get install ${missing[*]}"
        return 1
    fi
    rm -f /tmp/edison-apt.$$
}

# need_swift: names a missing or old toolchain with the commands that install it.
need_swift() {
    local version=""
    if command -v swift > /dev/null; then
        version=$(swift --version 2> /dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -1)
        case "$version" in
            6.[2-9] | 6.[1-9][0-9] | [7-9].*) return 0 ;;
        esac
        say "Edison needs Swift 6.2 or newer; found ${version:-an unknown version} at $(command -v swift)."
    else
        say "Edison is written in Swift, and no Swift toolchain is installed."
    fi
    local arch
    arch=$(uname -m)
    say ""
    say "Install it with swiftly, the toolchain's own installer (download about 900 MB, two to five minutes):"
    say "    apt-get install -y curl ca-certificates gnupg g++ libsqlite3-dev"
    say "    curl -O https://download.swift.org/swiftly/linux/swiftly-$arch.tar.gz"
    say "    tar zxf swiftly-$arch.tar.gz && ./swiftly init && . ~/.local/share/swiftly/env.sh"
    say "Then start again; the first build takes about four minutes on two quiet cores."
    return 1
}
