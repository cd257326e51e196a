package akari.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What a side computed, by name. */
record Check(Map<String, Fingerprint> prints) {
    /** Before the name of state of which the change by a few steps is meant: it has larger relative errors than a result. */
    static final String CHANGE = "change of ";

    static Check of(Work fresh) {
        var prints = new LinkedHashMap<String, Fingerprint>();
        fresh.check().forEach((name, values) -> prints.put(name, Fingerprint.of(values)));
        return new Check(prints);
    }

    static Check parse(String line) {
        var prints = new LinkedHashMap<String, Fingerprint>();
        for (var part : line.split("; ")) {
            int end = part.indexOf(": ");
            prints.put(part.substring(0, end), Fingerprint.parse(part.substring(end + 2)));
        }
        return new Check(prints);
    }

    /** What differs from the peer's by more than the race allows; empty if nothing does. */
    Optional<String> difference(Check peer, Contest contest, RaceSetting setting) {
        for (var name : prints.keySet()) {
            var ours = prints.get(name);
            var theirs = peer.prints.get(name);
            if (ours == null || theirs == null || !ours.agrees(theirs, contest.tolerance(name, setting.dtype()))) {
                return Optional.of(name + ": size, mean, rms and samples\n  ours " + ours + "\n  peer " + theirs);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        var line = new StringJoiner("; ");
        prints.forEach((name, print) -> line.add(name + ": " + print));
        return line.toString();
    }
}
