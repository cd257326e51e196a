# Shared by ./akari and tools/*: finds a JDK, builds what is missing or out of date. POSIX sh; the caller sets $home.

fail() {
  printf '✗ %s\n' "$1" >&2
  exit 1
}

# True if $1 holds a JDK of version 25 or later. Reads its release file: starting java to ask would cost 50 ms.
is_jdk() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='="' read -r key _ value _; do
    if [ "$key" = JAVA_VERSION ]; then
      value=${value%%[!0-9]*}
      [ "${value:-0}" -ge 25 ]
      return
    fi
  done <"$1/release"
  return 1
}

# Sets $jdk. AKARI_JAVA_HOME, when set, is an order; the rest are places to look.
find_jdk() {
  if [ -n "${AKARI_JAVA_HOME:-}" ]; then
    is_jdk "$AKARI_JAVA_HOME" || fail "AKARI_JAVA_HOME=$AKARI_JAVA_HOME is not a JDK 25 or later. Point it at one, or unset it."
    jdk=$AKARI_JAVA_HOME
    return
  fi
  for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* "$HOME"/.local/share/mise/installs/java/*; do
    [ -n "$jdk" ] && is_jdk "$jdk" && return
  done
  if jdk=$(command -v javac) && jdk=$(readlink -f "$jdk"); then
    jdk=${jdk%/bin/javac}
    is_jdk "$jdk" && return
  fi
  fail "Akari needs a JDK 25 or later and found none. Install one (for example Temurin 25) or set AKARI_JAVA_HOME to its folder."
}

# stale STAMP MODULE…: true if a source of a module is newer than the stamp.
stale() {
  stamp=$1
  shift
  [ -f "$stamp" ] || return 0
  for module in "$@"; do
    set -- "$@" "$home/$module/src/main" "$home/$module/pom.xml"
    shift
  done
  [ -n "$(find "$@" "$home/pom.xml" -newer "$stamp" -print -quit 2>/dev/null)" ]
}

# build LOG MAVEN-ARGUMENT…: quiet; what went wrong is shown and the whole log named.
build() {
  log=$1
  shift
  command -v mvn >/dev/null || fail "Akari builds itself with Maven, and there is no mvn on the PATH. Install it (apt install maven, brew install maven)."
  [ -f "$stamp" ] && reason='the sources changed' || reason='first use'
  printf 'Building Akari (%s)…\n' "$reason" >&2
  mkdir -p "${log%/*}"
  if ! JAVA_HOME=$jdk mvn -B -q -f "$home/pom.xml" -Dakari.quick -Dmaven.test.skip=true "$@" >"$log" 2>&1 </dev/null; then
    grep '^\[ERROR\]' "$log" | head -n 20 >&2
    fail "The build failed. The whole log is in $log"
  fi
}
