package akari.tensor;

import akari.core.DType;
import akari.core.Device;

/**
 * Conversions to other types and devices, by the rules of {@link akari.backend.Conversions}. PyTorch's {@code double()},
 * {@code float()}, {@code long()}, {@code int()}, {@code short()}, {@code char()} and {@code byte()} are words of Java's own; here they
 * have the names of the types: {@link #float64}, {@link #float32}, {@link #int64}, {@link #int32}, {@link #int16}, {@link #int8},
 * {@link #uint8}. Differentiable between floating types.
 */
public sealed interface Casts permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** This tensor converted to {@code dtype}; itself if it has that type already. */
    default Tensor to(DType dtype) {
        return dtype == self().dtype() ? self() : Tape.apply(new ShapingOps.Copy(dtype, false), self());
    }

    /** @param copy whether to copy even where the type is the same */
    default Tensor to(DType dtype, boolean copy) {
        return copied(to(dtype), copy);
    }

    /** This tensor on {@code device}; itself if it is there already. */
    default Tensor to(Device device) {
        return device.equals(self().device()) ? self() : Tape.apply(new ShapingOps.Transfer(device), self());
    }

    /** {@link #to(Device) to(CPU)}. */
    default Tensor cpu() {
        return to(Device.CPU);
    }

    /** {@link #to(Device)} the first CUDA device; an error where no backend serves one. */
    default Tensor cuda() {
        return to(Device.of("cuda"));
    }

    /** This tensor on {@code device}, converted to {@code dtype}. */
    default Tensor to(Device device, DType dtype) {
        return to(dtype).to(device);
    }

    /** @param copy whether to copy even where device and type are the same */
    default Tensor to(Device device, DType dtype, boolean copy) {
        return copied(to(device, dtype), copy);
    }

    /** This tensor on the device of {@code other}, in its type. */
    default Tensor to(Tensor other) {
        return to(other.device(), other.dtype());
    }

    /** @param copy whether to copy even where device and type are the same */
    default Tensor to(Tensor other, boolean copy) {
        return copied(to(other), copy);
    }

    private Tensor copied(Tensor t, boolean copy) {
        return copy && t == self() ? t.clone() : t;
    }

    /** PyTorch's name of this type of tensor: {@code "torch.FloatTensor"}. */
    default String type() {
        return "torch."
                + switch (self().dtype()) {
                    case BOOL -> "Bool";
                    case UINT8 -> "Byte";
                    case INT8 -> "Char";
                    case INT16 -> "Short";
                    case INT32 -> "Int";
                    case INT64 -> "Long";
                    case FLOAT16 -> "Half";
                    case BFLOAT16 -> "BFloat16";
                    case FLOAT32 -> "Float";
                    case FLOAT64 -> "Double";
                }
                + "Tensor";
    }

    /** {@link #to(DType)}. */
    default Tensor type(DType dtype) {
        return to(dtype);
    }

    /** {@link #to(DType) to(BOOL)}: whether an element is not 0; NaN is not. */
    default Tensor bool() {
        return to(DType.BOOL);
    }

    /** {@link #to(DType) to(UINT8)}: PyTorch's {@code byte()}. */
    default Tensor uint8() {
        return to(DType.UINT8);
    }

    /** {@link #to(DType) to(INT8)}: PyTorch's {@code char()}. */
    default Tensor int8() {
        return to(DType.INT8);
    }

    /** {@link #to(DType) to(INT16)}: PyTorch's {@code short()}. */
    default Tensor int16() {
        return to(DType.INT16);
    }

    /** {@link #to(DType) to(INT32)}: PyTorch's {@code int()}. */
    default Tensor int32() {
        return to(DType.INT32);
    }

    /** {@link #to(DType) to(INT64)}: PyTorch's {@code long()}. */
    default Tensor int64() {
        return to(DType.INT64);
    }

    /** {@link #to(DType) to(FLOAT16)}. */
    default Tensor half() {
        return to(DType.FLOAT16);
    }

    /** As {@link #half}. */
    default Tensor float16() {
        return half();
    }

    /** {@link #to(DType) to(BFLOAT16)}. */
    default Tensor bfloat16() {
        return to(DType.BFLOAT16);
    }

    /** {@link #to(DType) to(FLOAT32)}: PyTorch's {@code float()}. */
    default Tensor float32() {
        return to(DType.FLOAT32);
    }

    /** {@link #to(DType) to(FLOAT64)}: PyTorch's {@code double()}. */
    default Tensor float64() {
        return to(DType.FLOAT64);
    }
}
