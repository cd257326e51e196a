package akari.core;

/**
 * Memory of one device, in bytes.
 *
 * @param inUse held by live buffers
 * @param reserved taken from the system: in use plus cached for reuse
 * @param peak highest {@code inUse} so far
 * @param limit at which the backend collects garbage and then fails
 * @param forcedCollections garbage collections that the allocator asked for
 */
public record MemoryStats(long inUse, long reserved, long peak, long limit, long forcedCollections) {}
