package akari.tensor;

import akari.backend.Conversions;
import akari.backend.Distribution;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.lang.foreign.MemorySegment;

/**
 * Random numbers: fills in place, and draws whose parameters are tensors. Without a {@link Generator} they come from the default one
 * ({@link Tensors#manualSeed}). Draws have no gradient; after a fill in place none flows to what was there before.
 */
public sealed interface Draws permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- in place

    /** Uniform in [0, 1); floating types. Returns this, as all of these do. */
    default Tensor uniform_() {
        return uniform_(0, 1);
    }

    /** Uniform in [low, high), or just {@code low} where the two are equal; floating types. */
    default Tensor uniform_(double low, double high) {
        return uniform_(low, high, Generator.DEFAULT);
    }

    default Tensor uniform_(double low, double high, Generator generator) {
        if (!(low <= high) || Double.isInfinite(Conversions.round(self().dtype(), high - low))) {
            throw new IllegalArgumentException("uniform_ needs low <= high and a difference that fits " + self().dtype()
                    + ", got " + low + " and " + high);
        }
        return fill(
                "uniform_",
                generator,
                new Distribution.Uniform(low, high),
                self().dtype().isFloating());
    }

    /** Standard normal; floating types. */
    default Tensor normal_() {
        return normal_(0, 1);
    }

    default Tensor normal_(double mean) {
        return normal_(mean, 1);
    }

    /** Normal with the given mean and standard deviation; floating types. */
    default Tensor normal_(double mean, double std) {
        return normal_(mean, std, Generator.DEFAULT);
    }

    default Tensor normal_(double mean, double std, Generator generator) {
        check("normal_", "std", std, std >= 0, "must not be negative");
        boolean fits = self().dtype().isFloating() || self().numel() == 0;
        return fill("normal_", generator, new Distribution.Normal(mean, std), fits);
    }

    /** The exponential of normal numbers of mean 1 and deviation 2; floating types. */
    default Tensor logNormal_() {
        return logNormal_(1, 2);
    }

    default Tensor logNormal_(double mean) {
        return logNormal_(mean, 2);
    }

    /** The exponential of normal numbers, whose mean and deviation are given; floating types. */
    default Tensor logNormal_(double mean, double std) {
        return logNormal_(mean, std, Generator.DEFAULT);
    }

    default Tensor logNormal_(double mean, double std, Generator generator) {
        check("logNormal_", "std", std, std > 0, "must be positive");
        return fill(
                "logNormal_",
                generator,
                new Distribution.LogNormal(mean, std),
                self().dtype().isFloating());
    }

    /** 0 or 1, equally probable; every type. */
    default Tensor bernoulli_() {
        return bernoulli_(0.5);
    }

    /** 1 with probability {@code p}, else 0; every type. */
    default Tensor bernoulli_(double p) {
        return bernoulli_(p, Generator.DEFAULT);
    }

    default Tensor bernoulli_(double p, Generator generator) {
        check("bernoulli_", "p", p, p >= 0 && p <= 1, "must lie in [0, 1]");
        return fill("bernoulli_", generator, new Distribution.Bernoulli(p), true);
    }

    /** 1 with the probability that {@code p}, a floating tensor which broadcasts to this shape, has there, else 0; every type. */
    default Tensor bernoulli_(Tensor p) {
        return bernoulli_(p, Generator.DEFAULT);
    }

    default Tensor bernoulli_(Tensor p, Generator generator) {
        Tensor x = self();
        x.checkInPlace("bernoulli_");
        Tensor q = p.expand(x.shape().toArray());
        Tensors.noGrad(() -> Tape.composite("bernoulli_", () -> x.copy_(hits(q, generator))));
        return overwrite(x);
    }

    /** Mean 1; floating types. */
    default Tensor exponential_() {
        return exponential_(1);
    }

    /** Density {@code rate * exp(-rate * x)}, mean {@code 1/rate}; floating types. */
    default Tensor exponential_(double rate) {
        return exponential_(rate, Generator.DEFAULT);
    }

    default Tensor exponential_(double rate, Generator generator) {
        check("exponential_", "rate", rate, rate > 0, "must be positive");
        return fill(
                "exponential_",
                generator,
                new Distribution.Exponential(rate),
                self().dtype().isFloating());
    }

    /** How many trials of probability {@code p} it takes to succeed, 1 or more; every type but bool. */
    default Tensor geometric_(double p) {
        return geometric_(p, Generator.DEFAULT);
    }

    default Tensor geometric_(double p, Generator generator) {
        check("geometric_", "p", p, p > 0 && p < 1, "must lie in (0, 1)");
        return fill("geometric_", generator, new Distribution.Geometric(p), self().dtype() != DType.BOOL);
    }

    /** Median 0 and scale 1; floating types. */
    default Tensor cauchy_() {
        return cauchy_(0, 1);
    }

    default Tensor cauchy_(double median) {
        return cauchy_(median, 1);
    }

    /** Density {@code 1 / (π * scale * (1 + ((x - median) / scale)²))}; floating types. */
    default Tensor cauchy_(double median, double scale) {
        return cauchy_(median, scale, Generator.DEFAULT);
    }

    default Tensor cauchy_(double median, double scale, Generator generator) {
        check("cauchy_", "scale", scale, scale > 0, "must be positive");
        return fill(
                "cauchy_",
                generator,
                new Distribution.Cauchy(median, scale),
                self().dtype().isFloating());
    }

    /**
     * Whole numbers from 0 to the largest of an integer type, both included; for a floating type to 2 to the power of its digits, below
     * which all are exact (2²⁴ for float32).
     */
    default Tensor random_() {
        return random_(Generator.DEFAULT);
    }

    default Tensor random_(Generator generator) {
        DType t = self().dtype();
        long largest = t.isFloating() ? ElementNumbers.exact(t) : ElementNumbers.largest(t);
        return fill("random_", generator, new Distribution.Whole(0, largest + 1), true); // 2⁶³ is right unsigned
    }

    /** Whole numbers in {@code [0, to)}. */
    default Tensor random_(long to) {
        return random_(0, to);
    }

    /** Whole numbers in {@code [from, to)}, which must lie in the type's range; every type. */
    default Tensor random_(long from, long to) {
        return random_(from, to, Generator.DEFAULT);
    }

    default Tensor random_(long from, long to, Generator generator) {
        return fill("random_", generator, ElementNumbers.range("random_", self().dtype(), from, to), true);
    }

    private Tensor fill(String op, Generator generator, Distribution kind, boolean fits) {
        NullArgument.check(generator, "generator");
        if (!fits) {
            throw new IllegalArgumentException(
                    op + " needs a floating type" + (op.startsWith("geo") ? " or integers" : "") + ", this tensor is "
                            + self().dtype() + "; convert it with to(FLOAT32)");
        }
        return overwrite(generator.fill(op, self(), kind));
    }

    private static void check(String op, String name, double value, boolean right, String rule) {
        if (!right) {
            throw new IllegalArgumentException(op + ": " + name + " " + rule + ", got " + value);
        }
    }

    private static Tensor overwrite(Tensor t) {
        return Mode.current().grad && t.requiresGrad() ? Tape.apply(new DrawOps.Overwritten(), t) : t;
    }

    // ---- parameters from a tensor

    /** 1 with the probability that stands in this floating tensor, else 0, in the same type. */
    default Tensor bernoulli() {
        return bernoulli(Generator.DEFAULT);
    }

    default Tensor bernoulli(Generator generator) {
        Tensor p = self();
        return Tensors.noGrad(
                () -> Tape.composite("bernoulli", () -> hits(p, generator).to(p.dtype())));
    }

    /** A tensor like this one of 1 with probability {@code p}, else 0; this tensor's values do not matter. */
    default Tensor bernoulli(double p) {
        return bernoulli(p, Generator.DEFAULT);
    }

    default Tensor bernoulli(double p, Generator generator) {
        return Tensors.emptyLike(self()).bernoulli_(p, generator);
    }

    /** Where a uniform number lies below the probability; float64 probabilities get 53 bits, others 24. */
    private static Tensor hits(Tensor p, Generator generator) {
        if (!p.dtype().isFloating()) {
            throw new IllegalArgumentException("bernoulli: probabilities must be of a floating type, got " + p.dtype());
        }
        inRange("bernoulli: probabilities", p, 0, 1);
        DType t = p.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        return p.like(t, p.shape()).uniform_(0, 1, generator).lt(p.to(t));
    }

    /** @param high infinity for no bound */
    private static void inRange(String what, Tensor t, double low, double high) {
        if (t.numel() > 0 && t.ge(low).logicalAnd(t.le(high)).logicalNot().any().item() != 0) {
            Tensor bad = t.ge(low).logicalAnd(t.le(high)).logicalNot().flatten();
            double v = t.flatten()
                    .select(0, bad.to(DType.UINT8).argmax().itemLong())
                    .item();
            throw new IllegalArgumentException(
                    what + " must " + (high == 1 ? "lie in [0, 1]" : "be at least " + (long) low) + ", one is " + v);
        }
    }

    /** Numbers of events whose means stand in this floating tensor, in the same type. */
    default Tensor poisson() {
        return poisson(Generator.DEFAULT);
    }

    default Tensor poisson(Generator generator) {
        Tensor rate = self();
        floating("poisson", rate);
        var rates = new Blockwise.Reader(rate, DType.FLOAT64);
        Generator.Sources random = generator.sources(rate.numel());
        Tensor drawn = Blockwise.doubles(rate.dtype(), rate.numel(), (from, block, n) -> {
            rates.read(from, MemorySegment.ofArray(block).asSlice(0, 8L * n));
            for (int i = 0; i < n; i++) {
                double v = block[i];
                boolean right = v >= 0 && v < Double.POSITIVE_INFINITY;
                check("poisson", "a rate", v, right, "must be finite and not negative");
                block[i] = CountDistributions.poisson(v, random.of(from + i));
            }
        });
        return drawn.reshape(rate.shape()).to(rate.device());
    }

    /** Successes among as many trials as stand in this tensor, each of the probability in {@code p}; both floating, of one type. */
    default Tensor binomial(Tensor p) {
        return binomial(p, Generator.DEFAULT);
    }

    default Tensor binomial(Tensor p, Generator generator) {
        Tensor count = self();
        floating("binomial", count);
        if (p.dtype() != count.dtype()) {
            throw new IllegalArgumentException("binomial: counts are " + count.dtype() + ", probabilities " + p.dtype()
                    + "; both must be of one type");
        }
        Shape shape = Shape.broadcast(count.shape(), p.shape());
        var counts = new Blockwise.Reader(count.expand(shape.toArray()), DType.FLOAT64);
        var probabilities = new Blockwise.Reader(p.expand(shape.toArray()), DType.FLOAT64);
        Generator.Sources random = generator.sources(shape.numel());
        double[] each = new double[(int) Math.min(shape.numel(), Blockwise.SIZE)];
        Tensor drawn = Blockwise.doubles(count.dtype(), shape.numel(), (from, block, n) -> {
            counts.read(from, MemorySegment.ofArray(block).asSlice(0, 8L * n));
            probabilities.read(from, MemorySegment.ofArray(each).asSlice(0, 8L * n));
            for (int i = 0; i < n; i++) {
                double v = block[i];
                boolean right = v >= 0 && v < Double.POSITIVE_INFINITY;
                check("binomial", "a count", v, right, "must be finite and not negative");
                check("binomial", "a probability", each[i], each[i] >= 0 && each[i] <= 1, "must lie in [0, 1]");
                block[i] = CountDistributions.binomial(Math.floor(v), each[i], random.of(from + i));
            }
        });
        return drawn.reshape(shape).to(count.device());
    }

    /** {@code numSamples} different categories for each row. */
    default Tensor multinomial(int numSamples) {
        return multinomial(numSamples, false);
    }

    default Tensor multinomial(int numSamples, boolean replacement) {
        return multinomial(numSamples, replacement, Generator.DEFAULT);
    }

    /**
     * Category numbers, int64 {@code [numSamples]} or {@code [rows, numSamples]}, drawn in proportion to the weights in this floating
     * {@code [categories]} or {@code [rows, categories]}. Weights need not sum to 1; a weight of 0 is never drawn. Without replacement
     * a row gives each category at most once, in the order in which they are drawn.
     */
    default Tensor multinomial(int numSamples, boolean replacement, Generator generator) {
        NullArgument.check(generator, "generator");
        Tensor x = self();
        floating("multinomial", x);
        if (x.dim() < 1 || x.dim() > 2 || numSamples < 1) {
            throw new IllegalArgumentException("multinomial draws at least one sample from weights [categories] or"
                    + " [rows, categories], got " + numSamples + " from " + x.shape());
        }
        Tensor rows = x.detach().reshape(x.dim() == 1 ? 1 : x.size(0), x.size(-1));
        if (OutOfMemory.times("multinomial", rows.size(0), numSamples) == 0) {
            return Tensors.empty(DType.INT64, 0, numSamples).to(x.device());
        }
        Tensor drawn = Tensors.noGrad(() -> replacement
                        ? CountDistributions.withReplacement(rows, numSamples, generator)
                        : CountDistributions.withoutReplacement(rows, numSamples, generator))
                .to(x.device());
        return x.dim() == 1 ? drawn.reshape(numSamples) : drawn;
    }

    private static void floating(String op, Tensor t) {
        if (!t.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    op + " needs a floating tensor, got " + t.dtype() + "; convert it with to(FLOAT32)");
        }
    }

    // ---- noise in a network

    /** Zeroes elements with probability {@code p} and scales the rest by {@code 1/(1-p)}; itself unless {@code train}. */
    default Tensor dropout(double p, boolean train) {
        Tensor x = self();
        check("dropout", "p", p, p >= 0 && p <= 1, "must lie in [0, 1]");
        if (!train || p == 0) {
            return x;
        }
        if (p < 1) {
            floating("dropout", x);
        }
        return Tape.composite("dropout", () -> x.mul(kept(x, p)));
    }

    /** {@link #dropout(double, boolean)} of half of the elements, in training. */
    default Tensor dropout() {
        return dropout(0.5);
    }

    /** {@link #dropout(double, boolean)} in training. */
    default Tensor dropout(double p) {
        return dropout(p, true);
    }

    default Tensor dropout(boolean train) {
        return dropout(0.5, train);
    }

    /** {@link #dropout} in place. */
    default Tensor dropout_(double p, boolean train) {
        Tensor x = self();
        check("dropout_", "p", p, p >= 0 && p <= 1, "must lie in [0, 1]");
        if (!train || p == 0) {
            return x;
        }
        if (p < 1) {
            floating("dropout_", x);
        }
        return x.mul_(kept(x, p));
    }

    private static Tensor kept(Tensor x, double p) {
        Tensor mask = Tensors.emptyLike(x).bernoulli_(1 - p);
        return p == 1 ? mask : mask.mul_(1 / (1 - p));
    }

    /** As {@link #dropout}, but zeroes whole channels, dimension 1 of {@code [N, C, …]}. */
    default Tensor featureDropout(double p, boolean train) {
        return noise("featureDropout", p, train, true, false);
    }

    /** {@link #alphaDropout(double, boolean)} outside of training, PyTorch's default here, which drops nothing. */
    default Tensor alphaDropout() {
        return alphaDropout(0.5);
    }

    /** {@link #alphaDropout(double, boolean)} outside of training, PyTorch's default here, which drops nothing. */
    default Tensor alphaDropout(double p) {
        return alphaDropout(p, false);
    }

    /** Of half of the elements. */
    default Tensor alphaDropout(boolean train) {
        return alphaDropout(0.5, train);
    }

    /** {@link #featureAlphaDropout(double, boolean)} outside of training, PyTorch's default here, which drops nothing. */
    default Tensor featureAlphaDropout() {
        return featureAlphaDropout(0.5);
    }

    /** {@link #featureAlphaDropout(double, boolean)} outside of training, PyTorch's default here, which drops nothing. */
    default Tensor featureAlphaDropout(double p) {
        return featureAlphaDropout(p, false);
    }

    /** Of half of the channels. */
    default Tensor featureAlphaDropout(boolean train) {
        return featureAlphaDropout(0.5, train);
    }

    /** As {@link #dropout}, but keeps mean and variance of what went through {@link Tensor#selu}: zeroed elements get its lowest value. */
    default Tensor alphaDropout(double p, boolean train) {
        return noise("alphaDropout", p, train, false, true);
    }

    /** {@link #alphaDropout} of whole channels. */
    default Tensor featureAlphaDropout(double p, boolean train) {
        return noise("featureAlphaDropout", p, train, true, true);
    }

    default Tensor featureDropout_(double p, boolean train) {
        return self().copy_(self().clone().featureDropout(p, train));
    }

    default Tensor alphaDropout_(double p, boolean train) {
        return self().copy_(self().clone().alphaDropout(p, train));
    }

    default Tensor featureAlphaDropout_(double p, boolean train) {
        return self().copy_(self().clone().featureAlphaDropout(p, train));
    }

    private Tensor noise(String op, double p, boolean train, boolean channels, boolean alpha) {
        Tensor x = self();
        check(op, "p", p, p >= 0 && p <= 1, "must lie in [0, 1]");
        if (!train || p == 0 || x.numel() == 0) {
            return x;
        }
        floating(op, x);
        if (channels && x.dim() < 2) {
            throw new IllegalArgumentException(op + " needs channels, [N, C, …], got shape " + x.shape());
        }
        return Tape.composite(op, () -> {
            Shape size = channels ? Shape.fill(x.dim(), 1).with(0, x.size(0)).with(1, x.size(1)) : x.shape();
            Tensor mask = x.like(x.dtype(), size).bernoulli_(1 - p);
            if (!alpha) {
                return x.mul(p == 1 ? mask : mask.div(1 - p));
            }
            double low = 1.7580993408473766; // selu's lowest value, negated
            double a = p == 1 ? 0 : 1 / Math.sqrt((low * low * p + 1) * (1 - p));
            Tensor shift = mask.sub(1).mul(low * a).add(low * a * p);
            return x.mul(mask.mul(a)).add(shift);
        });
    }

    /** {@link #rrelu} in place. */
    default Tensor rrelu_(double lower, double upper, boolean training) {
        return self().copy_(self().clone().rrelu(lower, upper, training));
    }

    default Tensor rrelu_() {
        return rrelu_(1.0 / 8, 1.0 / 3, false);
    }

    /** {@link #rrelu(double, double, boolean)} between 1/8 and 1/3, not training. */
    default Tensor rrelu() {
        return rrelu(1.0 / 8, 1.0 / 3, false);
    }

    default Tensor rrelu(boolean training) {
        return rrelu(1.0 / 8, 1.0 / 3, training);
    }

    default Tensor rrelu(double lower) {
        return rrelu(lower, 1.0 / 3);
    }

    default Tensor rrelu(double lower, double upper) {
        return rrelu(lower, upper, false);
    }

    /** {@code max(x, 0) + a * min(x, 0)}, a drawn in [lower, upper) for each element while training, else the middle of the two. */
    default Tensor rrelu(double lower, double upper, boolean training) {
        return rrelu(lower, upper, training, Generator.DEFAULT);
    }

    default Tensor rrelu(double lower, double upper, boolean training, Generator generator) {
        Tensor x = self();
        floating("rrelu", x);
        check("rrelu", "lower", lower, lower <= upper, "must not be above upper, " + upper);
        if (!training) {
            return x.leakyRelu((lower + upper) / 2);
        }
        return Tape.composite("rrelu", () -> {
            Tensor slopes = Tensors.noGrad(() -> {
                Tensor drawn = Tensors.emptyLike(x).uniform_(lower, upper, generator);
                return drawn.maskedFill(x.le(0).logicalNot(), 1);
            });
            return x.mul(slopes);
        });
    }
}
