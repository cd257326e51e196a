package akari.bench;

/** The two libraries of a race. Each runs in a process of its own, so that their native libraries never meet. */
enum Side {
    AKARI,
    PYTORCH;

    static Side of(String name) {
        return valueOf(name.toUpperCase(java.util.Locale.ROOT));
    }

    String version(Setting setting) {
        return switch (this) {
            case AKARI -> Ours.version(setting);
            case PYTORCH -> Torch.version(setting);
        };
    }

    Work prepare(Contest contest, Setting setting) {
        return switch (this) {
            case AKARI -> contest.ours().apply(new Ours(setting));
            case PYTORCH -> contest.peer().apply(new Torch(setting));
        };
    }
}
