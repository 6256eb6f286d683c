# The slow half of the launcher: sourced by ../hearth when something must be built. Defines build_hearth.
# Uses: HEARTH_HOME, builds, current, engine_library. Everything it says goes to stderr.

dotnet_help='Hearth needs the .NET 10 SDK to build itself:
  Debian 12+:     see https://learn.microsoft.com/dotnet/core/install/linux-debian, then: sudo apt-get install -y dotnet-sdk-10.0
  Ubuntu 24.04+:  sudo apt-get install -y dotnet-sdk-10.0
  macOS:          brew install dotnet
  anywhere:       curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0   (installs to ~/.dotnet)'

node_help='Hearth needs Node.js 18 or newer with npm, to fetch the DuckDB library that its engine runs on:
  Debian/Ubuntu:  sudo apt-get install -y nodejs npm
  macOS:          brew install node'

bubblewrap_help='bubblewrap is not installed: containers cannot be isolated, so `hearth up` refuses to run jobs unless given --sandbox none.
  Debian/Ubuntu:  sudo apt-get install -y bubblewrap
  Fedora:         sudo dnf install bubblewrap
  macOS:          not available there; use --sandbox none, or a Linux virtual machine'

say() { printf '%s\n' "$*" >&2; }
fail() { say "hearth: $1"; shift; for line in "$@"; do say "$line"; done; return 1; }

find_dotnet() {
  dotnet=''
  for candidate in "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "$(command -v dotnet || true)" "$HOME/.dotnet/dotnet"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ] && (cd "$HEARTH_HOME" && "$candidate" --version) >/dev/null 2>&1; then
      dotnet="$candidate"
      return 0
    fi
  done
  if command -v dotnet >/dev/null 2>&1; then
    fail "the .NET SDK found here cannot be used (global.json wants 10.0.100 or a newer 10.0; found: $(dotnet --list-sdks 2>/dev/null | tr '\n' ';')): $(cd "$HEARTH_HOME" && dotnet --version 2>&1 | head -n 1)" "$dotnet_help"
  else
    fail 'dotnet was not found.' "$dotnet_help"
  fi
}

# The directory that holds the runtime, for an apphost started without DOTNET_ROOT.
dotnet_root() {
  "$dotnet" --list-runtimes 2>/dev/null | sed -n 's|^Microsoft\.NETCore\.App [^[]*\[\(.*\)/shared/Microsoft\.NETCore\.App\]$|\1|p' | tail -n 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_bubblewrap() {
  command -v bwrap >/dev/null 2>&1 && return 0
  if command -v apt-get >/dev/null 2>&1 && as_root true >/dev/null 2>&1; then
    say 'installing bubblewrap (isolates the containers) with apt-get ...'
    { as_root apt-get install -y --no-install-recommends bubblewrap \
      || { as_root apt-get update && as_root apt-get install -y --no-install-recommends bubblewrap; }; } \
      >> "$log" 2>&1 </dev/null && return 0
    say "apt-get could not install it; see $log"
  fi
  say "$bubblewrap_help"
}

fetch_library() {
  needs_library || return 0
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    fail 'node or npm was not found.' "$node_help"
    return 1
  fi
  say 'fetching the DuckDB library with npm ...'
  # Not `npm ci`: the lock file holds only the platforms that could be resolved where it was written.
  if ! (cd "$HEARTH_HOME" && npm install --no-save --no-audit --no-fund --ignore-scripts) >> "$log" 2>&1 </dev/null; then
    fail 'npm install failed:' "$(grep 'npm error' "$log" | head -n 15)" "The whole log: $log"
  fi
}

runtime_id() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo linux-x64 ;;
    Linux-aarch64 | Linux-arm64) echo linux-arm64 ;;
    Darwin-arm64) echo osx-arm64 ;;
    Darwin-x86_64) echo osx-x64 ;;
  esac
}

# Ends the compiler server of this build. Told by its program in the SDK that builds: --list-sdks prints lines like "10.0.100 [/usr/share/dotnet/sdk]".
stop_compiler() {
  version="$(cd "$HEARTH_HOME" && "$dotnet" --version 2>/dev/null)"
  server="$("$dotnet" --list-sdks 2>/dev/null | sed -n "s|^$version \\[\\(.*\\)\\]\$|\\1|p" | tail -n 1)/$version/Roslyn/bincore/VBCSCompiler.dll"
  [ ! -f "$server" ] || "$dotnet" exec "$server" "-pipename:$compiler" -shutdown >/dev/null 2>&1 </dev/null
}

publish() (
  # No node reuse, and a compiler server of its own: nothing of the build may outlive it, nor hold what its caller had open.
  # Standard input closed: nothing may ask. Compiled as `hearth test` compiles, documentation and all, so that it finds the libraries done.
  compiler="hearth-launcher-$$"
  trap stop_compiler EXIT
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false MSBUILDDISABLENODEREUSE=1 \
    "$dotnet" publish "$HEARTH_HOME/src/Hearth.Cli/Hearth.Cli.csproj" --configuration Release --output "$1" \
    -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler" \
    --self-contained false --nologo --verbosity quiet -p:PublishReferencesDocumentationFiles=false -p:PublishDocumentationFile=false "${@:2}" >> "$log" 2>&1 </dev/null
)

# Ready-to-run code starts about three times as fast; where its compiler cannot be fetched, plain IL works too.
compile() {
  rid="$(runtime_id)"
  if [ -n "$rid" ] && publish "$1" --runtime "$rid" -p:PublishReadyToRun=true; then return 0; fi
  if grep -q 'error CS[0-9]\|error MA[0-9]' "$log"; then return 1; fi
  say 'no ahead-of-time compiler for this machine: building without it (starting will be slower) ...'
  rm -rf "$1"
  publish "$1"
}

# Builds that no process uses any more. A running `hearth` holds a shared lock on <build>/in-use.
remove_old_builds() {
  for old in "$builds"/*-*/; do
    old="${old%/}"
    [ "$old" = "$current" ] && continue
    if command -v flock >/dev/null 2>&1 && [ -e "$old/in-use" ]; then
      flock -n -x "$old/in-use" true 2>/dev/null || continue
    fi
    rm -rf "$old"
  done
}

build_locked() {
  # Somebody else may have built it while this one waited for the lock.
  if [ -x "$current/hearth" ] && ! needs_library; then return 0; fi
  : > "$log"
  find_dotnet && fetch_library || return 1
  install_bubblewrap
  [ -x "$current/hearth" ] && return 0
  say "building Hearth from $HEARTH_HOME (about a minute the first time) ..."
  started=$SECONDS
  fresh="$builds/new.$$"
  rm -rf "$builds"/new.*
  if ! compile "$fresh"; then
    rm -rf "$fresh"
    fail 'the build failed:' "$(grep -E 'error|warning' "$log" | sort -u | tail -n 20)" "The whole log: $log"
    return 1
  fi
  dotnet_root > "$fresh/dotnet-root"
  : > "$fresh/in-use"
  rm -rf "$current"
  mv "$fresh" "$current" || return 1
  remove_old_builds
  say "built in $((SECONDS - started)) s"
}

# One build at a time. The lock's descriptor is closed for the children, so that a compiler server never keeps it.
build_hearth() {
  mkdir -p "$builds" || return 1
  log="$builds/build.log"
  if command -v flock >/dev/null 2>&1; then
    exec 9> "$builds/lock"
    if ! flock -n 9; then
      say 'another hearth is building here; waiting for it ...'
      flock 9
    fi
    build_locked 9>&-
    result=$?
    exec 9>&-
    return $result
  fi
  until mkdir "$builds/lock.d" 2>/dev/null; do
    owner="$(cat "$builds/lock.d/pid" 2>/dev/null)"
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$builds/lock.d"; else sleep 1; fi
  done
  echo $$ > "$builds/lock.d/pid"
  trap 'rm -rf "$builds/lock.d"' EXIT
  build_locked
  result=$?
  rm -rf "$builds/lock.d"
  trap - EXIT
  return $result
}
