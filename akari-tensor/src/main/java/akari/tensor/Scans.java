package akari.tensor;

import akari.backend.Scan;
import akari.core.DType;

/**
 * Running results along a dimension: element {@code i} of the result is that of elements {@code 0 .. i}. A 0-d tensor counts as
 * one element. Sums and products of bool and integer tensors are int64.
 */
public sealed interface Scans permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** Running sum along {@code dim}. */
    default Tensor cumsum(int dim) {
        return running(Scan.SUM, dim).values();
    }

    /** Running sum of this tensor converted to {@code dtype}, of that type. */
    default Tensor cumsum(int dim, DType dtype) {
        return self().to(dtype).cumsum(dim).to(dtype);
    }

    default Tensor cumsum_(int dim) {
        self().checkInPlace("cumsum_");
        return self().copy_(cumsum(dim));
    }

    /** Running product along {@code dim}; its gradient is right where elements are 0. */
    default Tensor cumprod(int dim) {
        return running(Scan.PROD, dim).values();
    }

    /** Running product of this tensor converted to {@code dtype}, of that type. */
    default Tensor cumprod(int dim, DType dtype) {
        return self().to(dtype).cumprod(dim).to(dtype);
    }

    default Tensor cumprod_(int dim) {
        self().checkInPlace("cumprod_");
        Scans before = self().requiresGrad() ? self().clone() : self(); // its gradient needs what is written over
        return self().copy_(before.cumprod(dim));
    }

    /** {@code log(cumsum(exp(x)))} along {@code dim}, without overflow; floating types only. */
    default Tensor logcumsumexp(int dim) {
        ReductionOps.floating("logcumsumexp", self());
        if (self().dim() == 0) {
            self().shape().axis(dim);
            return self().clone(); // the gradient of one element passes, whatever it is
        }
        return running(Scan.LOG_SUM_EXP, dim).values();
    }

    /** The largest element so far along {@code dim} and the last position where it was met; NaN wins. */
    default Reductions.Indexed cummax(int dim) {
        return running(Scan.MAX, dim);
    }

    /** The smallest element so far along {@code dim} and the last position where it was met; NaN wins. */
    default Reductions.Indexed cummin(int dim) {
        return running(Scan.MIN, dim);
    }

    private Reductions.Indexed running(Scan op, int dim) {
        int axis = self().shape().axis(dim);
        boolean scalar = self().dim() == 0;
        Tensor x = scalar ? self().reshape(1) : self();
        Tape.Result r = Tape.call(new ScanOps.Cumulative(op, axis, false), x);
        boolean indexed = op == Scan.MAX || op == Scan.MIN;
        Tensor values = scalar ? r.output().reshape() : r.output();
        Tensor places = indexed ? r.call().extra(0) : values; // nobody asks for them
        return new Reductions.Indexed(values, scalar && indexed ? places.reshape() : places);
    }
}
