# Shared by the scripts of this folder; meant to be sourced.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server_project=$root/src/ElectrumPot.Server
server=$server_project/bin/Release/net10.0/electrum-pot-server
# Process id, console output and the demonstration's data of a server started here.
state=$root/data
pid_file=$state/server.pid
console=$state/console.log

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Executables look for .NET in the usual places only, not where the dotnet command lies.
if [[ -z ${DOTNET_ROOT:-} ]] && command -v dotnet >/dev/null; then
    DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
    export DOTNET_ROOT
fi

fail() {
    echo "error: $*" >&2
    exit 1
}

# Prints the process id if the server that scripts/start started is alive.
running_pid() {
    local pid
    [[ -r $pid_file ]] || return 1
    pid=$(<"$pid_file")
    [[ $pid =~ ^[0-9]+$ && -r /proc/$pid/cmdline ]] || return 1
    # A process id may have passed on to a stranger.
    tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q electrum-pot-server || return 1
    # A zombie has ended, whatever its parent still has to do.
    ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null || return 1
    echo "$pid"
}
