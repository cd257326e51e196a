package akari.testkit.coverage;

/**
 * A name of PyTorch or torchvision.
 *
 * @param tier A used weekly, B now and then, C rare or legacy
 * @param kind class, constant, function, method or property
 * @param full with its module or class
 */
record Name(String tier, String kind, String full) {
    String area() {
        return full.substring(0, full.lastIndexOf('.'));
    }

    String last() {
        return full.substring(full.lastIndexOf('.') + 1);
    }
}
