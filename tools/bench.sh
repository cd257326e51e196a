# Shared by tools/race and tools/soak: builds akari-bench and starts it. The caller sets $home and has read jdk.sh.

out=$home/akari-bench/target/quick

# build_bench MAVEN-ARGUMENT…: unless nothing changed since it was last built with these arguments.
build_bench() {
  find_jdk
  stamp=$out/built$*
  if stale "$stamp" akari-backend akari-cpu akari-processor akari-tensor akari-nn akari-optim akari-data akari-vision akari-train akari-bench; then
    rm -rf "$out/lib" "$out/native"
    build "$home/target/bench-build.log" "$@" -pl akari-bench -am package
    touch "$stamp"
  fi
}

# start_bench JAVA-ARGUMENT…: replaces this shell by java.
start_bench() {
  # shellcheck disable=SC2086
  exec "$jdk/bin/java" -XX:+UseSerialGC ${AKARI_JAVA_OPTS-} \
    --module-path "$out/lib:$(echo "$out"/akari-bench-*.jar)" --class-path "$out/native/*" \
    --enable-native-access=akari.backend,akari.cpu "$@"
}
