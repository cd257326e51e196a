package akari.cpu.dnn;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** Compiled primitives by what they do. When shapes never repeat it starts over, and what nobody runs any more is collected. */
final class DnnCache<K, V> {
    private static final int LIMIT = 1024;

    private final ConcurrentMap<K, V> map = new ConcurrentHashMap<>();
    private final Function<K, V> make;

    DnnCache(Function<K, V> make) {
        this.make = make;
    }

    V get(K key) {
        V v = map.get(key);
        if (v != null) {
            return v;
        }
        if (map.size() >= LIMIT) {
            map.clear();
        }
        return map.computeIfAbsent(key, make);
    }
}
