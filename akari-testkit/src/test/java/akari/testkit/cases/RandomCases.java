package akari.testkit.cases;

/** What of random numbers can be compared: shapes and types, and distributions that leave no choice. */
final class RandomCases extends Family {
    RandomCases() {}
}
