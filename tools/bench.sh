# Shared by tools/race and tools/soak: builds akari-bench and starts it. The caller sets $home and has read jdk.sh.

# build_bench MAVEN-ARGUMENT…: unless nothing changed since it was last built with these arguments.
build_bench() {
  find_jdk
  ready "$home/akari-bench/target/quick/built$*" \
    'akari-core akari-cpu akari-processor akari-tensor akari-nn akari-optim akari-data akari-vision akari-train akari-bench' "$@"
}

# start_bench JAVA-ARGUMENT…: replaces this shell by java.
start_bench() {
  # shellcheck disable=SC2086
  exec "$jdk/bin/java" -XX:+UseSerialGC ${AKARI_JAVA_OPTS-} \
    --module-path "$app/lib" --class-path "$app/native/*" \
    --enable-native-access=akari.core,akari.cpu "$@"
}
