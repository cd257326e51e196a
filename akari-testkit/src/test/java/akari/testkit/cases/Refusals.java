package akari.testkit.cases;

import akari.tensor.LinAlgException;

/** The exceptions by which an operation may refuse its arguments. */
public final class Refusals {
    private Refusals() {}

    /** Anything else is a defect: a null, a cast, an array index that nobody checked. */
    public static boolean documented(RuntimeException e) {
        return e.getMessage() != null
                && (e.getClass() == IllegalArgumentException.class
                        || e.getClass() == IllegalStateException.class
                        || e.getClass() == IndexOutOfBoundsException.class
                        || e.getClass() == ArithmeticException.class
                        || e.getClass() == LinAlgException.class
                        || e.getClass() == UnsupportedOperationException.class);
    }
}
