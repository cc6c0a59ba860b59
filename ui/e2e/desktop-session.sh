#!/usr/bin/env bash
# desktop-session.sh PROGRAM [ARGUMENT...]
# Runs a program in a desktop of its own: a virtual display, a private session bus, an unlocked secret store, and
# home folders that are deleted afterwards. Nothing of the caller's own session is seen or touched.
set -euo pipefail

for needed in Xvfb xauth dbus-run-session gnome-keyring-daemon; do
  command -v "$needed" > /dev/null || { echo "desktop-session: $needed is missing; \`cargo xtask setup\` installs it" >&2; exit 1; }
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/promptpal-desktop.XXXXXX")
server=
finish() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

# Cargo and rustup live in the real home.
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
export HOME="$scratch/home" XDG_DATA_HOME="$scratch/data" XDG_CONFIG_HOME="$scratch/config" \
  XDG_CACHE_HOME="$scratch/cache" XDG_STATE_HOME="$scratch/state" XDG_RUNTIME_DIR="$scratch/run"
mkdir -p "$HOME" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL

# TAURI_WEBVIEW_AUTOMATION lets WebDriver in. A real language: under "C" the web view reports a locale that Intl refuses,
# which a test of its own shows; here the window must be as people have it.
export TAURI_WEBVIEW_AUTOMATION=true GDK_BACKEND=x11 LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 \
  GTK_A11Y=none LANG="${PROMPTPAL_SESSION_LANG:-C.UTF-8}"

# The server picks a free display itself and says which on descriptor 3: two sessions at once never meet.
export XAUTHORITY="$scratch/xauthority"
cookie=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
touch "$XAUTHORITY"
xauth -q add :0 . "$cookie" # the server takes the cookie whatever display it is noted for
mkfifo "$scratch/display"
Xvfb -displayfd 3 -screen 0 "${PROMPTPAL_SESSION_SCREEN:-1440x900x24}" -nolisten tcp -auth "$XAUTHORITY" \
  3> "$scratch/display" > "$scratch/xvfb.log" 2>&1 &
server=$!
if ! read -r -t 30 number < "$scratch/display"; then
  echo "desktop-session: the virtual display did not start:" >&2
  cat "$scratch/xvfb.log" >&2
  exit 1
fi
export DISPLAY=":$number"
xauth -q add "$DISPLAY" . "$cookie"

# What the bus and the services that it starts have to say is nobody's business; the program keeps its own output.
dbus-run-session -- bash -c '
  printf "promptpal-test" | gnome-keyring-daemon --unlock --components=secrets > /dev/null
  "$@" >&8 2>&9
' desktop-session "$@" 8>&1 9>&2 > "$scratch/bus.log" 2>&1
