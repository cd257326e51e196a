/**
 * Own fused operations: a formula of {@link akari.formula.Expr}, made a {@link akari.formula.Pointwise} that derives its gradients. Every
 * device compiles it into one pass over memory.
 */
@NullMarked
package akari.formula;

import org.jspecify.annotations.NullMarked;
