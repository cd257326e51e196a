# Shared by ./akari and tools/*: finds a JDK, builds what is missing or out of date. POSIX sh; the caller sets $home.
# Descriptor 9 is the lock of a build, 8 that of the build in use.

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
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.gradle/jdks/* "${HOME-}"/.local/share/mise/installs/java/*; do
    [ -n "$jdk" ] && is_jdk "$jdk" && return
  done
  if jdk=$(command -v javac) && jdk=$(readlink -f "$jdk"); then
    jdk=${jdk%/bin/javac}
    is_jdk "$jdk" && return
  fi
  fail "Akari needs a JDK 25 or later and found none. Install one (for example Temurin 25) or set AKARI_JAVA_HOME to its folder."
}

# lock FD s|x [n]: takes a shared or exclusive lock on the open file FD, with n only if nobody has to be waited for. It lasts as long
# as any process has the file open, so it ends with whoever holds it, even if he is killed. macOS has no flock, but Perl.
lock() {
  if command -v flock >/dev/null; then
    flock "-$2" ${3:+"-$3"} "$1"
  else
    perl -e 'open(F, "<&=$ARGV[0]") or die; exit !flock(F, ($ARGV[1] eq "s" ? 1 : 2) | (@ARGV > 2 ? 4 : 0))' "$@"
  fi
}

# stale STAMP MODULE…: true unless STAMP names a build, and no source of a module is newer.
stale() {
  stamp=$1
  shift
  [ -f "$stamp" ] && [ -d "$(cat "$stamp")/lib" ] || return 0
  for module in "$@"; do
    set -- "$@" "$home/$module/src/main" "$home/$module/pom.xml"
    shift
  done
  [ -n "$(find "$@" "$home/pom.xml" -newer "$stamp" -print -quit 2>/dev/null)" ]
}

# ready STAMP MODULES MAVEN-ARGUMENT…: sets $app to a folder with the jars of the last of the modules and of what it needs, which is
# built if the sources changed. One process builds at a time, and each build has a folder of its own, whose name is written into the
# stamp when it is whole: programs that run, or start meanwhile, keep theirs.
ready() {
  stamp=$1
  modules=$2
  shift 2
  target=${stamp%/*}
  app=
  until stale "$stamp" $modules || use "$(cat "$stamp")"; do :; done
  if [ -z "$app" ]; then
    mkdir -p "$target" "$home/target" || fail "Akari cannot be built here: $target cannot be written."
    exec 9>"$home/target/build.lock" || fail "Akari cannot be built here: $home/target cannot be written."
    lock 9 x n || {
      printf 'Waiting for another build of Akari…\n' >&2
      lock 9 x
    }
    stale "$stamp" $modules && build "$@"
    use "$(cat "$stamp")" || fail "The build in $target is damaged. Delete that folder and start again."
    exec 9>&-
  fi
}

# use FOLDER: sets $app and keeps the folder from being deleted as long as this process lives; false if it is gone.
use() {
  { command exec 8<"$1/lib"; } 2>/dev/null && lock 8 s && [ -d "$1/lib" ] && app=$1
}

# What has to be done in a new build before it is used; the caller may say.
rehearse() { :; }

# build MAVEN-ARGUMENT…: quiet; what went wrong is shown and the whole log named.
build() {
  log=$home/target/build.log
  command -v mvn >/dev/null || fail "Akari builds itself with Maven, and there is no mvn on the PATH. Install it (apt install maven, brew install maven)."
  [ -f "$stamp" ] && reason='the sources changed' || reason='first use'
  printf 'Building Akari (%s)…\n' "$reason" >&2
  new=$target/app.$$.$(date +%s)
  # written before the build: sources that change during it are newer
  printf '%s\n' "$new" >"$stamp.new"
  rm -rf "$target/lib" "$target/native" "$target"/*.jar
  if ! JAVA_HOME=$jdk mvn -B -q -f "$home/pom.xml" -Dakari.quick -Dmaven.test.skip=true -pl "${modules##* }" -am package "$@" >"$log" 2>&1 </dev/null 8<&- 9>&-; then
    grep '^\[ERROR\]' "$log" | head -n 20 >&2
    fail "The build failed. The whole log is in $log"
  fi
  mkdir "$new" && mv "$target"/*.jar "$target/lib" && mv "$target/lib" "$target/native" "$new" &&
    find "$target" -maxdepth 1 -name '*.classpath' -exec cp {} "$new" \; ||
    fail "The build could not be put into $new"
  app=$new rehearse
  mv "$stamp.new" "$stamp"
  for old in "$target"/app.*; do
    [ "$old" = "$new" ] || (exec 8<"$old/lib" && lock 8 x n || [ ! -d "$old/lib" ] && rm -rf "$old") 2>/dev/null
  done
}
