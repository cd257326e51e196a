package akari.backend;

import akari.formula.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Formulas as a list of their distinct subterms, each after its operands. Formulas share subterms, so a tree walk would visit
 * exponentially many paths; this list is as long as the work is, and equal for equal formulas.
 */
final class Terms {
    /** Marks {@link Expr.Fma} among the heads. */
    enum Fused {
        FMA
    }

    /** A leaf, or an {@link Expr.Fn}, {@link Expr.Op}, {@link Fused} or {@link Expr.Cmp} with the numbers of its operands. */
    record Term(Object head, int a, int b, int c, int d) {}

    private final List<Term> list = new ArrayList<>();
    private final int[] results;
    private final int hash;

    // while building
    private final Map<Expr, Integer> seen = new IdentityHashMap<>();
    private final Map<Term, Integer> known = new HashMap<>();

    private Terms(List<Expr> formulas) {
        results = formulas.stream().mapToInt(this::number).toArray();
        hash = 31 * list.hashCode() + Arrays.hashCode(results);
        seen.clear();
        known.clear();
    }

    static Terms of(List<Expr> formulas) {
        return new Terms(formulas);
    }

    int size() {
        return list.size();
    }

    Term get(int k) {
        return list.get(k);
    }

    /** The number of the term that is formula {@code i}. */
    int result(int i) {
        return results[i];
    }

    boolean contains(Expr leaf) {
        return list.contains(new Term(leaf, 0, 0, 0, 0));
    }

    private int number(Expr e) {
        Integer have = seen.get(e);
        if (have == null) {
            Term t = switch (e) {
                case Expr.In _, Expr.Scalar _, Expr.Const _ -> new Term(e, 0, 0, 0, 0);
                case Expr.Unary(Expr.Fn fn, Expr a) -> new Term(fn, number(a), 0, 0, 0);
                case Expr.Binary(Expr.Op op, Expr a, Expr b) -> new Term(op, number(a), number(b), 0, 0);
                case Expr.Fma(Expr a, Expr b, Expr c) -> new Term(Fused.FMA, number(a), number(b), number(c), 0);
                case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr then, Expr other) ->
                    new Term(cmp, number(a), number(b), number(then), number(other));
            };
            have = known.get(t);
            if (have == null) {
                have = list.size();
                known.put(t, have);
                list.add(t);
            }
            seen.put(e, have);
        }
        return have;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Terms t && hash == t.hash && list.equals(t.list) && Arrays.equals(results, t.results);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
