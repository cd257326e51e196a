package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.util.ArrayList;
import java.util.List;

/** What a tensor is and where it lies, relatives of it, and its elements as Java objects. */
public sealed interface Description permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** As {@link Tensor#dim}. */
    default int ndim() {
        return self().dim();
    }

    /** As {@link Tensor#dim}. */
    default int ndimension() {
        return self().dim();
    }

    /** As {@link Tensor#numel}. */
    default long nelement() {
        return self().numel();
    }

    /** As {@link Tensor#shape}. */
    default Shape size() {
        return self().shape();
    }

    /** Step between neighbours of dimension {@code dim}, in elements. */
    default long stride(int dim) {
        if (self().dim() == 0) {
            throw new IllegalArgumentException("stride(" + dim + ") of a 0-d tensor");
        }
        return self().view.layout().stride(dim);
    }

    /** Bytes of one element. */
    default int elementSize() {
        return self().dtype().bytes();
    }

    /** Bytes of all elements. */
    default long nbytes() {
        return self().numel() * elementSize();
    }

    /** The first element, counted in elements from the start of the memory that views share. */
    default long storageOffset() {
        return self().view.layout().offset();
    }

    /** Address of the first element on the device, for native code; valid while this tensor is reachable. */
    default long dataPtr() {
        return self().view.address();
    }

    /** Whether elements lie in the given order without gaps. */
    default boolean isContiguous(MemoryFormat format) {
        return format.matches(self().view.layout());
    }

    /** This tensor in the given order; itself if it is so already. */
    default Tensor contiguous(MemoryFormat format) {
        if (format == MemoryFormat.PRESERVE) {
            throw new IllegalArgumentException("contiguous(PRESERVE) says nothing; use clone(), or name an order");
        }
        return format.of(self());
    }

    /** As {@link #contiguous(MemoryFormat)}; PRESERVE leaves it as it is. */
    default Tensor to(MemoryFormat format) {
        return format.of(self());
    }

    /** A copy in the given order. */
    default Tensor clone(MemoryFormat format) {
        Tensor t = format.of(self());
        return t == self() ? self().clone() : t;
    }

    /** Whether the elements are floating-point numbers. */
    default boolean isFloatingPoint() {
        return self().dtype().isFloating();
    }

    /** Whether the type of the elements has negative numbers. */
    default boolean isSigned() {
        return self().dtype().isSigned();
    }

    /** Whether this lies in the computer's own memory. */
    default boolean isCpu() {
        return self().device().type().equals("cpu");
    }

    /** Whether this lies on a CUDA device. */
    default boolean isCuda() {
        return self().device().type().equals("cuda");
    }

    /** Whether the one element of this tensor is not 0: what Python's {@code if x:} asks. */
    default boolean isNonzero() {
        if (self().numel() != 1) {
            throw new IllegalArgumentException("isNonzero() of a tensor of shape " + self().shape()
                    + ": only one element has an unambiguous value; use any() or all()");
        }
        return self().item() != 0;
    }

    /** Whether an element equals {@code value}: Python's {@code value in x}. */
    default boolean contains(Number value) {
        return self().eq(value).any().item() != 0;
    }

    /** Whether an element equals the one of {@code value} that it is broadcast against. */
    default boolean contains(Tensor value) {
        return self().eq(value).any().item() != 0;
    }

    /** Whether both have the same sizes. */
    default boolean isSameSize(Tensor other) {
        return self().shape().equals(other.shape());
    }

    /** Whether both are the same view of the same memory. */
    default boolean isSetTo(Tensor other) {
        return self().view.buffer() == other.view.buffer()
                && self().view.layout().equals(other.view.layout())
                && self().dtype() == other.dtype();
    }

    /** This tensor in the type of {@code other}. */
    default Tensor typeAs(Tensor other) {
        return self().to(other.dtype()).to(other.device());
    }

    // ---- new tensors on this one's device

    /** Uninitialised, of this type. */
    default Tensor newEmpty(long... size) {
        return newEmpty(self().dtype(), size);
    }

    default Tensor newEmpty(Shape size) {
        return newEmpty(size.toArray());
    }

    default Tensor newEmpty(int[] size) {
        return newEmpty(Shape.of(size).toArray());
    }

    default Tensor newEmpty(DType dtype, long... size) {
        return self().like(dtype, Shape.of(size));
    }

    default Tensor newEmpty(DType dtype, Shape size) {
        return newEmpty(dtype, size.toArray());
    }

    default Tensor newEmpty(DType dtype, int[] size) {
        return newEmpty(dtype, Shape.of(size).toArray());
    }

    /** {@link Tensors#emptyStrided} of this type on this device. */
    default Tensor newEmptyStrided(long[] size, long[] stride) {
        return Tensors.emptyStrided(self().dtype(), size, stride).to(self().device());
    }

    default Tensor newZeros(long... size) {
        return newEmpty(size).zero_();
    }

    default Tensor newZeros(Shape size) {
        return newZeros(size.toArray());
    }

    default Tensor newZeros(int[] size) {
        return newZeros(Shape.of(size).toArray());
    }

    default Tensor newZeros(DType dtype, long... size) {
        return newEmpty(dtype, size).zero_();
    }

    default Tensor newZeros(DType dtype, Shape size) {
        return newZeros(dtype, size.toArray());
    }

    default Tensor newZeros(DType dtype, int[] size) {
        return newZeros(dtype, Shape.of(size).toArray());
    }

    default Tensor newOnes(long... size) {
        return newEmpty(size).fill_(1);
    }

    default Tensor newOnes(Shape size) {
        return newOnes(size.toArray());
    }

    default Tensor newOnes(int[] size) {
        return newOnes(Shape.of(size).toArray());
    }

    default Tensor newOnes(DType dtype, long... size) {
        return newEmpty(dtype, size).fill_(1);
    }

    default Tensor newOnes(DType dtype, Shape size) {
        return newOnes(dtype, size.toArray());
    }

    default Tensor newOnes(DType dtype, int[] size) {
        return newOnes(dtype, Shape.of(size).toArray());
    }

    default Tensor newFull(Shape size, Number value) {
        return newEmpty(size.toArray()).fill_(value);
    }

    default Tensor newFull(int[] size, Number value) {
        return newFull(Shape.of(size), value);
    }

    /** 1 for true in this type. */
    default Tensor newFull(Shape size, boolean value) {
        return newFull(size, value ? 1 : 0);
    }

    default Tensor newFull(Shape size, Number value, DType dtype) {
        return newEmpty(dtype, size.toArray()).fill_(value);
    }

    /** {@link Tensors#asTensor} as a copy of this type. */
    default Tensor newTensor(Object data) {
        Tensor t = Tensors.asTensor(data);
        Tensor own = t == data ? t.detach().clone() : t;
        return own.to(self().dtype()).to(self().device());
    }

    /** As {@link #newTensor(Object)}, of another type. */
    default Tensor newTensor(Object data, DType dtype) {
        Tensor t = Tensors.asTensor(data);
        Tensor own = t == data ? t.detach().clone() : t;
        return own.to(dtype).to(self().device());
    }

    // ---- as Java objects

    /**
     * The elements as nested lists of {@code Double}, {@code Long} or {@code Boolean}, in the order of the dimensions; of a 0-d tensor the
     * number itself.
     */
    default Object tolist() {
        Tensor x = self();
        int n = OutOfMemory.array("tolist", x.numel());
        List<Object> flat = new ArrayList<>(n);
        if (x.dtype().isFloating()) {
            for (double v : x.toDoubles()) {
                flat.add(v);
            }
        } else {
            for (long v : x.toLongs()) {
                flat.add(x.dtype() == DType.BOOL ? (Object) (v != 0) : (Object) v);
            }
        }
        return nested(flat, 0, 0, n);
    }

    private Object nested(List<Object> flat, int dim, int from, int count) {
        if (dim == self().dim()) {
            return flat.get(from);
        }
        List<Object> out = new ArrayList<>();
        int size = (int) self().size(dim);
        for (int i = 0; i < size; i++) {
            out.add(nested(flat, dim + 1, from + i * (count / size), count / size));
        }
        return List.copyOf(out);
    }
}
