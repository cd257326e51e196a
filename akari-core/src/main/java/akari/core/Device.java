package akari.core;

/** Where a tensor's memory lives: {@code cpu}, {@code cuda:0}, … */
public record Device(String type, int index) {
    /** The machine's own memory. */
    public static final Device CPU = new Device("cpu", 0);

    /** Parses {@code "cpu"}, {@code "cuda"} or {@code "cuda:1"}. */
    public static Device of(String text) {
        int colon = text.indexOf(':');
        try {
            return colon < 0
                    ? new Device(text, 0)
                    : new Device(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("device \"" + text + "\" is not of the form cpu, cuda or cuda:1", e);
        }
    }

    @Override
    public String toString() {
        return type.equals("cpu") ? type : type + ":" + index;
    }
}
