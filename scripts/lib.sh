# shellcheck shell=bash
# What the scripts share: how they speak, and a private Postgres that they start and stop. Sourced, never run.

# shellcheck disable=SC2034  # for the scripts that source this
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' dim='' red='' plain=''
fi

# Nothing here waits for a key: psql on a terminal would open a pager.
export PSQL_PAGER=''

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
say() { printf '%s\n' "$*"; }
fail() { printf '%s%s%s\n' "$red" "$*" "$plain" >&2; exit 1; }

# Prints a command as one would type it, then runs just that.
typed() {
  printf '%s$ %s%s\n' "$dim" "$1" "$plain"
  eval "$1"
}

# Runs a command quietly: its output is shown only when it fails.
quietly() {
  local log status=0
  log="$(mktemp)"
  "$@" >"$log" 2>&1 || status=$?
  [ "$status" = 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

as_root() { [ "$(id -u)" = 0 ]; }

# Postgres refuses to run as root, so root's servers belong to the user `postgres`.
as_server() { if as_root; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# postgres_bin [MAJOR]: the folder of the server's binaries: of that version, or of the newest there is.
# (`return 0` in full: a bare `return` in what a trap calls gives the status from before the trap.)
postgres_bin() {
  local version="${1:-}" folder
  [ -z "${HEDGEROW_PGBIN:-}" ] || { echo "$HEDGEROW_PGBIN"; return 0; }
  # shellcheck disable=SC2086  # a star is meant to be one
  while read -r folder; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && { echo "$folder"; return 0; }
  done < <(printf '%s\n' /usr/lib/postgresql/${version:-*}/bin /usr/pgsql-${version:-*}/bin | sort -rV)
  folder="$(type -P pg_ctl)" || return 1
  folder="$(dirname "$(readlink -f "$folder")")"
  if [ -n "$version" ] && [[ "$("$folder/postgres" --version)" != *" $version."* ]]; then return 1; fi
  echo "$folder"
}

# free_port: a port of 127.0.0.1 that nobody listens on, below those the system gives out by itself.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 10000))
    port_is_free "$port" && { echo "$port"; return 0; }
  done
  return 1
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# reachable_folder FOLDER: FOLDER, if the server's user can enter the folder above it (root's server
# cannot enter /root); else one in /var/tmp, always the same for the same FOLDER.
reachable_folder() {
  if as_server test -x "$(dirname "$1")" 2>/dev/null; then echo "$1"; return 0; fi
  echo "/var/tmp/hedgerow-$(printf '%s' "$1" | cksum | cut -d' ' -f1)"
}

# make_cluster DATA USER [AUTH]: a new data folder. That user may come in through the Unix socket, which lies
# in a folder that nobody else can enter; over TCP everybody needs a password, unless AUTH is `trust`.
make_cluster() {
  rm -rf "$1"
  mkdir -p "$1"
  chmod 700 "$1"
  if as_root; then chown postgres: "$1"; fi
  quietly as_server "$(postgres_bin)/initdb" -D "$1" -U "$2" -E UTF8 --locale=C.UTF-8 --no-sync \
    --auth-local=trust --auth-host="${3:-scram-sha-256}"
  say "include 'hedgerow.conf'" | as_server tee -a "$1/postgresql.conf" >/dev/null
}

# control DATA ARGUMENTS...: pg_ctl of the version that made this data folder.
control() {
  local data="$1" bin
  shift
  bin="$(postgres_bin "$(<"$data/PG_VERSION")")" ||
    fail "$data was made by Postgres $(<"$data/PG_VERSION"), which is no longer installed: install it, or remove that folder."
  as_server "$bin/pg_ctl" -D "$data" "$@"
}

# start_cluster DATA PORT [SETTING=VALUE ...]
start_cluster() {
  local data="$1" port="$2" sockets="$1" setting
  shift 2
  # The name of a socket holds 107 bytes at most.
  if [ "$(printf '%s' "$sockets" | wc -c)" -gt 88 ]; then
    sockets="$(as_server mktemp -d /tmp/hedgerow-socket-XXXXXX)"
  fi
  {
    say "listen_addresses = '127.0.0.1'"
    say "port = $port"
    say "unix_socket_directories = '\"${sockets//\'/\'\'}\"'"
    for setting in "$@"; do say "${setting%%=*} = '${setting#*=}'"; done
  } | as_server tee "$data/hedgerow.conf" >/dev/null
  quietly control "$data" start -w -t 60 -l "$data/server.log" || {
    tail -n 20 "$data/server.log" >&2
    return 1
  }
}

cluster_is_running() { [ -s "$1/PG_VERSION" ] && control "$1" status >/dev/null 2>&1; }
cluster_port() { sed -n 4p "$1/postmaster.pid"; }
cluster_sockets() { sed -n 5p "$1/postmaster.pid"; }

# stop_cluster DATA: stops that server alone, by the process id in its own folder.
stop_cluster() {
  cluster_is_running "$1" || return 0
  local sockets
  sockets="$(cluster_sockets "$1")"
  quietly control "$1" stop -m fast -w -t 60
  case "$sockets" in /tmp/hedgerow-socket-*) rm -rf "$sockets" ;; esac
}
