package akari.backend;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Device;
import akari.core.MemoryStats;
import akari.core.Pooling;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose every call says which blocks it uses, so that none of them is handed out again before it ends, and whose operands
 * fit each other: see {@link Calls} and {@link Contract}.
 */
record Guarded(Backend kernels) implements Backend {
    @Override
    public Device device() {
        return kernels.device();
    }

    @Override
    public String describe() {
        return kernels.describe();
    }

    @Override
    public Buffer allocate(long bytes) {
        return kernels.allocate(bytes);
    }

    @Override
    public void upload(MemorySegment from, Buffer to, long offset) {
        int call = Calls.enter(to);
        try {
            kernels.upload(from, to, offset);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void download(Buffer from, long offset, MemorySegment to) {
        int call = Calls.enter(from);
        try {
            kernels.download(from, offset, to);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public MemoryStats memory() {
        return kernels.memory();
    }

    @Override
    public void pointwise(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        Contract.pointwise(kernel, outputs, inputs);
        int call = Calls.enter(outputs, inputs);
        try {
            kernels.pointwise(kernel, compute, scalars, outputs, inputs);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void reduce(ReduceOp op, View in, View out) {
        Contract.reduce(in, out);
        int call = Calls.enter(in, out);
        try {
            kernels.reduce(op, in, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void random(Distribution kind, long seed, long offset, View out) {
        int call = Calls.enter(out);
        try {
            kernels.random(kind, seed, offset, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void gather(View x, int dim, View index, View out) {
        Contract.index("gather", x, dim, index, out);
        int call = Calls.enter(x, index, out);
        try {
            kernels.gather(x, dim, index, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void scatter(View out, int dim, View index, View src, Combine how) {
        Contract.index("scatter", out, dim, index, src);
        int call = Calls.enter(out, index, src);
        try {
            kernels.scatter(out, dim, index, src, how);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void scan(Scan op, boolean reverse, View x, @Nullable View factor, int dim, View out, @Nullable View index) {
        Contract.scan(x, factor, out, index);
        int call = Calls.enter(x, factor, out, index);
        try {
            kernels.scan(op, reverse, x, factor, dim, out, index);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void sort(View x, int dim, boolean descending, View out, View index) {
        Contract.sort(x, dim, out, index);
        int call = Calls.enter(x, out, index);
        try {
            kernels.sort(x, dim, descending, out, index);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void matmul(View a, View b, @Nullable View bias, View out) {
        Contract.matmul(a, b, bias, out);
        int call = Calls.enter(a, b, bias, out);
        try {
            kernels.matmul(a, b, bias, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public Factorizations factorizations() {
        return new Decompositions(kernels.factorizations());
    }

    @Override
    public boolean prefersChannelsLast() {
        return kernels.prefersChannelsLast();
    }

    @Override
    public void convolution(Convolution c, View x, View weight, @Nullable View bias, View out) {
        Contract.convolution(c, x, weight, bias, out);
        int call = Calls.enter(x, weight, bias, out);
        try {
            kernels.convolution(c, x, weight, bias, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void convolution(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View out) {
        Contract.convolution(c, x, weight, bias, out);
        int call = Calls.enter(x, weight, bias, out);
        try {
            kernels.convolution(c, x, weight, bias, then, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        Contract.convolution(c, gx, weight, null, g);
        int call = Calls.enter(g, weight, gx);
        try {
            kernels.convolutionInputGradient(c, g, weight, gx);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        Contract.convolution(c, x, gw, gb, g);
        int call = Calls.enter(x, g, gw, gb);
        try {
            kernels.convolutionWeightGradient(c, x, g, gw, gb);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void maxPool(Pooling p, View x, View out, @Nullable View index) {
        Contract.pool(p, x, out, index);
        int call = Calls.enter(x, out, index);
        try {
            kernels.maxPool(p, x, out, index);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void maxPoolGradient(View g, View index, View gx) {
        Contract.maxPoolGradient(g, index, gx);
        int call = Calls.enter(g, index, gx);
        try {
            kernels.maxPoolGradient(g, index, gx);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void averagePool(Pooling p, View x, View out) {
        Contract.pool(p, x, out, null);
        int call = Calls.enter(x, out);
        try {
            kernels.averagePool(p, x, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void averagePoolGradient(Pooling p, View g, View gx) {
        Contract.pool(p, gx, g, null);
        int call = Calls.enter(g, gx);
        try {
            kernels.averagePoolGradient(p, g, gx);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        Contract.batchNorm(x, out, weight, bias, mean, variance);
        int call = Calls.enter(x, weight, bias, out, mean, variance);
        try {
            kernels.batchNorm(x, weight, bias, eps, out, mean, variance);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        Contract.batchNorm(x, g, mean, variance, weight, gw, gb);
        Contract.same("batchNorm", x, gx);
        int call = Calls.enter(x, g, mean, variance, weight, gx, gw, gb);
        try {
            kernels.batchNormGradient(x, g, mean, variance, weight, eps, gx, gw, gb);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void batchNorm(
            View x,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View out,
            View mean,
            View variance) {
        Contract.batchNorm(x, out, weight, bias, mean, variance);
        int call = Calls.enter(x, weight, bias, out, mean, variance);
        try {
            kernels.batchNorm(x, weight, bias, eps, then, out, mean, variance);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        Contract.batchNorm(x, g, mean, variance, weight, gw, gb, bias);
        Contract.same("batchNorm", x, gx);
        int call = Calls.enter(x, g, mean, variance, weight, bias, gx, gw, gb);
        try {
            kernels.batchNormGradient(x, g, mean, variance, weight, bias, eps, then, gx, gw, gb);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void softmax(View x, int dim, boolean log, View out) {
        Contract.same("softmax", x, out);
        int call = Calls.enter(x, out);
        try {
            kernels.softmax(x, dim, log, out);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public void softmaxGradient(View y, View g, int dim, boolean log, View gx) {
        Contract.same("softmax", y, g, gx);
        int call = Calls.enter(y, g, gx);
        try {
            kernels.softmaxGradient(y, g, dim, log, gx);
        } finally {
            Calls.leave(call);
        }
    }

    @Override
    public int threads() {
        return kernels.threads();
    }

    @Override
    public void threads(int n) {
        kernels.threads(n);
    }

    @Override
    public Algorithms algorithms() {
        return kernels.algorithms();
    }

    @Override
    public void algorithms(Algorithms a) {
        kernels.algorithms(a);
    }

    private record Decompositions(Factorizations kernels) implements Factorizations {
        @Override
        public int[] cholesky(View a) {
            Contract.cholesky(a);
            int call = Calls.enter(a);
            try {
                return kernels.cholesky(a);
            } finally {
                Calls.leave(call);
            }
        }

        @Override
        public int[] lu(View a, View pivots) {
            Contract.lu(a, pivots);
            int call = Calls.enter(a, pivots);
            try {
                return kernels.lu(a, pivots);
            } finally {
                Calls.leave(call);
            }
        }

        @Override
        public void luSolve(View lu, View pivots, boolean transposed, View b) {
            Contract.luSolve(lu, pivots, b);
            int call = Calls.enter(lu, pivots, b);
            try {
                kernels.luSolve(lu, pivots, transposed, b);
            } finally {
                Calls.leave(call);
            }
        }

        @Override
        public int[] triangularSolve(View a, boolean upper, boolean transposed, boolean unit, View b) {
            Contract.triangularSolve(a, b);
            int call = Calls.enter(a, b);
            try {
                return kernels.triangularSolve(a, upper, transposed, unit, b);
            } finally {
                Calls.leave(call);
            }
        }

        @Override
        public void qr(View a, View q) {
            Contract.qr(a, q);
            int call = Calls.enter(a, q);
            try {
                kernels.qr(a, q);
            } finally {
                Calls.leave(call);
            }
        }

        @Override
        public int[] svd(View a, @Nullable View u, View s, @Nullable View vt) {
            Contract.svd(a, u, s, vt);
            int call = Calls.enter(a, u, s, vt);
            try {
                return kernels.svd(a, u, s, vt);
            } finally {
                Calls.leave(call);
            }
        }

        @Override
        public int[] eigh(View a, View values, boolean vectors) {
            Contract.eigh(a, values);
            int call = Calls.enter(a, values);
            try {
                return kernels.eigh(a, values, vectors);
            } finally {
                Calls.leave(call);
            }
        }
    }
}
