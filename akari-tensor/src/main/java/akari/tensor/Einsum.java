package akari.tensor;

import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sums of products in Einstein's notation. Every operand becomes a tensor with one dimension for each of its labels: repeated
 * letters are taken on the diagonal, an ellipsis stands for labels of its own. Then two operands at a time are contracted into one by a
 * batched matrix product, those first whose result is smallest against what it replaces.
 */
final class Einsum {
    private static final char FIRST_OF_ELLIPSIS =
            '\uE000'; // no letter: labels of the dimensions that an ellipsis covers

    private final String equation;
    private final Map<Character, Long> sizes = new HashMap<>();
    private final List<Term> terms = new ArrayList<>();
    private final List<Character> output = new ArrayList<>();

    /** A tensor and the label of each of its dimensions, all different. */
    private record Term(Tensor tensor, List<Character> labels) {
        double numel(Map<Character, Long> sizes) {
            return volume(labels, sizes);
        }
    }

    private Einsum(String equation) {
        this.equation = equation;
    }

    static Tensor of(String equation, Tensor... operands) {
        return Tape.composite("einsum", () -> new Einsum(equation).run(operands));
    }

    private Tensor run(Tensor[] operands) {
        read(operands);
        while (terms.size() > 1) {
            contractCheapest();
        }
        Term last = summed(terms.getFirst(), new TreeSet<>(output));
        int[] order = output.stream().mapToInt(last.labels::indexOf).toArray();
        long[] shape = output.stream().mapToLong(sizes::get).toArray();
        Tensor out = last.tensor.permute(order).expand(shape);
        return out == operands[0] ? out.clone() : out;
    }

    // ---- reading

    private void read(Tensor[] operands) {
        NullArgument.check(equation, "equation");
        NullArgument.check(operands, "operands");
        String compact = equation.replace(" ", "");
        int arrow = compact.indexOf("->");
        String[] inputs = (arrow < 0 ? compact : compact.substring(0, arrow)).split(",", -1);
        if (inputs.length != operands.length) {
            throw wrong("has " + inputs.length + " operands, but " + operands.length + " tensors were given");
        }
        int widest = 0;
        for (int i = 0; i < inputs.length; i++) {
            widest = Math.max(widest, covered(inputs[i], operands[i]));
        }
        Map<Character, Integer> count = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            List<Character> labels = labels(inputs[i], covered(inputs[i], operands[i]), widest);
            if (labels.size() != operands[i].dim()) {
                throw wrong(
                        "names " + labels.size() + " dimensions of operand " + i + " of shape " + operands[i].shape());
            }
            labels.forEach(c -> count.merge(c, 1, Integer::sum));
            measure(i, operands[i], labels);
            terms.add(diagonal(operands[i], labels));
        }
        if (arrow >= 0) {
            String out = compact.substring(arrow + 2);
            output.addAll(labels(out, out.contains("...") ? widest : 0, widest));
            for (char c : output) {
                if (!count.containsKey(c) && c < FIRST_OF_ELLIPSIS || output.indexOf(c) != output.lastIndexOf(c)) {
                    throw wrong("has the letter " + c + " in its result, which must be in an operand and only once");
                }
            }
        } else {
            // the ellipsis, then in alphabetical order the letters that occur once
            output.addAll(labels(widest > 0 ? "..." : "", widest, widest));
            count.entrySet().stream()
                    .filter(e -> e.getValue() == 1 && e.getKey() < FIRST_OF_ELLIPSIS)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .forEach(output::add);
        }
    }

    /** How many dimensions the ellipsis of {@code input} covers. */
    private int covered(String input, Tensor x) {
        if (!input.contains("...")) {
            return 0;
        }
        int n = x.dim() - (input.length() - 3);
        if (n < 0) {
            throw wrong("names more dimensions than the shape " + x.shape() + " has");
        }
        return n;
    }

    /** Of several ellipses the last dimensions are the common ones. */
    private List<Character> labels(String term, int covered, int widest) {
        List<Character> out = new ArrayList<>();
        for (int i = 0; i < term.length(); i++) {
            char c = term.charAt(i);
            if (Character.isLetter(c) && c < 128) {
                out.add(c);
            } else if (term.startsWith("...", i) && out.stream().noneMatch(l -> l >= FIRST_OF_ELLIPSIS)) {
                for (int d = widest - covered; d < widest; d++) {
                    out.add((char) (FIRST_OF_ELLIPSIS + d));
                }
                i += 2;
            } else {
                throw wrong(
                        "has '" + c + "' in \"" + term + "\": only letters, one ellipsis, ',' and '->' have a meaning");
            }
        }
        return out;
    }

    private void measure(int operand, Tensor x, List<Character> labels) {
        for (int d = 0; d < labels.size(); d++) {
            char c = labels.get(d);
            long n = x.size(d);
            long had = sizes.getOrDefault(c, 1L);
            if (had != n && had != 1 && n != 1) {
                throw wrong("gives " + (c < FIRST_OF_ELLIPSIS ? "the letter " + c : "a dimension of the ellipsis")
                        + " the sizes " + had + " and " + n + " (operand " + operand + " has shape " + x.shape() + ")");
            }
            sizes.put(c, had == 1 ? n : had);
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("einsum: the equation \"" + equation + "\" " + what);
    }

    /** One dimension a label: of those with the same letter the diagonal. */
    private Term diagonal(Tensor x, List<Character> labels) {
        List<Character> left = new ArrayList<>(labels);
        Tensor t = x;
        for (int d = 0; d < left.size(); d++) {
            char c = left.get(d);
            for (int e = left.lastIndexOf(c); e > d; e = left.lastIndexOf(c)) {
                if (t.size(d) != t.size(e)) {
                    throw wrong("repeats the letter " + c + " over the sizes " + t.size(d) + " and " + t.size(e)
                            + " of the shape " + x.shape());
                }
                List<Integer> rest = MatrixParts.others(t, List.of(d, e));
                t = MatrixParts.diagonal(t.permute(MatrixParts.array(rest, List.of(d, e)))); // now the last dimension
                left.remove(e);
                int[] order = new int[left.size()];
                for (int i = 0, next = 0; i < order.length; i++) {
                    order[i] = i == d ? order.length - 1 : next++;
                }
                t = t.permute(order);
            }
        }
        return new Term(t, left);
    }

    // ---- contracting

    private static double volume(Iterable<Character> labels, Map<Character, Long> sizes) {
        double n = 1;
        for (char c : labels) {
            n *= sizes.getOrDefault(c, 1L);
        }
        return n;
    }

    /** Labels that the result or an operand other than these two still needs. */
    private Set<Character> neededBesides(int i, int j) {
        Set<Character> out = new TreeSet<>(output);
        for (int k = 0; k < terms.size(); k++) {
            if (k != i && k != j) {
                out.addAll(terms.get(k).labels);
            }
        }
        return out;
    }

    private void contractCheapest() {
        int a = 0;
        int b = 1;
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < terms.size() && terms.size() > 2; i++) {
            for (int j = i + 1; j < terms.size(); j++) {
                Set<Character> kept = neededBesides(i, j);
                Set<Character> both = new TreeSet<>(terms.get(i).labels);
                both.addAll(terms.get(j).labels);
                both.retainAll(kept);
                double cost = volume(both, sizes)
                        - terms.get(i).numel(sizes)
                        - terms.get(j).numel(sizes);
                if (cost < best) {
                    best = cost;
                    a = i;
                    b = j;
                }
            }
        }
        Set<Character> kept = neededBesides(a, b);
        Term second = terms.remove(b);
        Term first = terms.remove(a);
        terms.add(product(first, second, kept));
    }

    /** {@code term} summed over all labels that are not {@code needed}. */
    private Term summed(Term term, Set<Character> needed) {
        List<Character> kept = new ArrayList<>();
        List<Integer> gone = new ArrayList<>();
        for (int d = 0; d < term.labels.size(); d++) {
            if (needed.contains(term.labels.get(d))) {
                kept.add(term.labels.get(d));
            } else {
                gone.add(d);
            }
        }
        if (gone.isEmpty()) {
            return term;
        }
        int[] dims = gone.stream().mapToInt(d -> d).toArray();
        return new Term(term.tensor.sum(dims, false).to(term.tensor.dtype()), kept);
    }

    /** A batched matrix product: labels of both that are kept are its batch, those of both that are not its inner dimension. */
    private Term product(Term x, Term y, Set<Character> kept) {
        Term a = summed(x, with(kept, y.labels));
        Term b = summed(y, with(kept, a.labels));
        // a size of 1 against a larger one: that side loses the dimension, the other is summed or keeps it alone
        a = trimmed(a, b);
        b = trimmed(b, a);
        a = summed(a, with(kept, b.labels));
        b = summed(b, with(kept, a.labels));
        List<Character> batch = new ArrayList<>();
        List<Character> inner = new ArrayList<>();
        List<Character> left = new ArrayList<>();
        for (char c : a.labels) {
            (!b.labels.contains(c) ? left : kept.contains(c) ? batch : inner).add(c);
        }
        List<Character> right = new ArrayList<>(b.labels);
        right.removeAll(a.labels);
        Tensor l = arranged(a, batch, left, inner);
        Tensor r = arranged(b, batch, inner, right);
        Tensor out = inner.isEmpty() ? l.mul(r) : l.matmul(r);
        List<Character> labels = new ArrayList<>(batch);
        labels.addAll(left);
        labels.addAll(right);
        List<Character> fromA = new ArrayList<>(batch);
        fromA.addAll(left);
        List<Long> shape = new ArrayList<>();
        for (char c : fromA) {
            shape.add(a.tensor.size(a.labels.indexOf(c)));
        }
        for (char c : right) {
            shape.add(b.tensor.size(b.labels.indexOf(c)));
        }
        return new Term(out.reshape(shape.stream().mapToLong(n -> n).toArray()), labels);
    }

    private static Set<Character> with(Set<Character> a, List<Character> b) {
        Set<Character> out = new TreeSet<>(a);
        out.addAll(b);
        return out;
    }

    /** Without the dimensions of size 1 that the other operand has larger. */
    private static Term trimmed(Term x, Term other) {
        List<Character> labels = new ArrayList<>(x.labels);
        Tensor t = x.tensor;
        for (char c : x.labels) {
            int d = labels.indexOf(c);
            int e = other.labels.indexOf(c);
            if (t.size(d) == 1 && e >= 0 && other.tensor.size(e) != 1) {
                t = t.squeeze(d);
                labels.remove(d);
            }
        }
        return new Term(t, labels);
    }

    /** {@code [batch, rows, columns]}, each of the three groups of labels as one dimension. */
    private Tensor arranged(Term x, List<Character> batch, List<Character> rows, List<Character> columns) {
        List<Character> order = new ArrayList<>(batch);
        order.addAll(rows);
        order.addAll(columns);
        Tensor t = x.tensor.permute(order.stream().mapToInt(x.labels::indexOf).toArray());
        int matrix = batch.size() + rows.size();
        return t.reshape(
                volume(t, 0, batch.size()), volume(t, batch.size(), rows.size()), volume(t, matrix, columns.size()));
    }

    private static long volume(Tensor t, int from, int count) {
        long n = 1;
        for (int d = from; d < from + count; d++) {
            n *= t.size(d);
        }
        return n;
    }
}
