package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * PyTorch, asked for what an expression gives and for the gradients of its inputs.
 *
 * <p>The question is put in PyTorch's own language (TorchScript, in which every operator of the {@code aten} library is
 * a function of {@code torch} or a method), so that a test shows what it compares with:
 *
 * {@snippet :
 * try (var torch = TorchOracle.start()) {
 *     var answer = torch.eval("torch.softmax(x, 1)", Input.of("x", x).requiringGrad());
 * }
 * }
 *
 * <p>PyTorch runs in a process of its own, as two copies of a native library under one roof quarrel. Its jars are found
 * through the system property {@code akari.torch.classpath}, which the build sets for the slow tests.
 */
public final class TorchOracle implements AutoCloseable {
    private final Process process;
    private final DataOutputStream questions;
    private final DataInputStream answers;

    /** A tensor's contents, row-major; every element type is carried in doubles. */
    public record Value(DType dtype, Shape shape, double[] values) {
        public Value {
            if (shape.numel() != values.length) {
                throw new IllegalArgumentException(
                        "shape " + shape + " has " + shape.numel() + " elements, but there are " + values.length);
            }
        }
    }

    /** A tensor that the expression may name. */
    public record Input(String name, Value value, boolean requiresGrad) {
        public static Input of(String name, Value value) {
            return new Input(name, value, false);
        }

        public Input requiringGrad() {
            return new Input(name, value, true);
        }
    }

    /**
     * What PyTorch says.
     *
     * @param outputs the expression's tensors in their order; a single one if it gives no tuple or list
     * @param gradients by input name, of the sum of all outputs that have gradients, each times its {@link #weights}; an input
     *     that they do not depend on is missing
     */
    public record Answer(List<Value> outputs, Map<String, Value> gradients) {}

    private TorchOracle(Process process) {
        this.process = process;
        questions = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /**
     * Starts the process, which takes some seconds.
     *
     * @throws IllegalStateException if PyTorch's jars are not at hand
     */
    public static TorchOracle start() {
        var jars = System.getProperty("akari.torch.classpath", "");
        if (jars.isEmpty()) {
            throw new IllegalStateException(
                    "the system property akari.torch.classpath does not name PyTorch's jars. Run with -Dakari.slow.");
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = String.join(File.pathSeparator, jars, home(TorchServer.class), home(DType.class));
        var builder = new ProcessBuilder(
                java, "--enable-native-access=ALL-UNNAMED", "-cp", classes, TorchServer.class.getName());
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        try {
            return new TorchOracle(builder.redirectError(Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the process for PyTorch", e);
        }
    }

    /**
     * Evaluates a TorchScript expression over the named inputs.
     *
     * @throws IllegalArgumentException if PyTorch refuses it; the message is PyTorch's
     */
    public Answer eval(String expression, Input... inputs) {
        try {
            questions.writeUTF(expression);
            questions.writeInt(inputs.length);
            for (var input : inputs) {
                questions.writeUTF(input.name);
                questions.writeBoolean(input.requiresGrad);
                write(questions, input.value);
            }
            questions.flush();
            if (!answers.readBoolean()) {
                throw new IllegalArgumentException("PyTorch refuses " + expression + ": " + answers.readUTF());
            }
            var outputs = new ArrayList<Value>();
            for (int n = answers.readInt(); n > 0; n--) outputs.add(read(answers));
            var gradients = new LinkedHashMap<String, Value>();
            for (int n = answers.readInt(); n > 0; n--) gradients.put(answers.readUTF(), read(answers));
            return new Answer(outputs, gradients);
        } catch (IOException e) {
            throw new UncheckedIOException("the process for PyTorch has ended at " + expression, e);
        }
    }

    /** The fixed weights in [-1, 1) by which {@link #eval} multiplies an output before it sums and differentiates. */
    public static double[] weights(int output, int count) {
        var weights = new double[count];
        int stream = 99 + output;
        for (int i = 0; i < count; i++) {
            int h = i * 0x9E3779B1 + stream * 0x85EBCA77;
            h ^= h >>> 16;
            h *= 0x7FEB352D;
            h ^= h >>> 15;
            h *= 0x846CA68B;
            h ^= h >>> 16;
            weights[i] = ((h >>> 8) - (1 << 23)) / (double) (1 << 23);
        }
        return weights;
    }

    @Override
    public void close() {
        try {
            questions.close(); // end of input is the server's sign to go
            if (process.waitFor(10, TimeUnit.SECONDS)) return;
        } catch (IOException e) {
            // it has ended already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    static void write(DataOutputStream out, Value value) throws IOException {
        out.writeByte(value.dtype.ordinal());
        out.writeInt(value.shape.rank());
        for (long size : value.shape.toArray()) out.writeLong(size);
        for (double v : value.values) out.writeDouble(v);
    }

    static Value read(DataInputStream in) throws IOException {
        var dtype = DType.values()[in.readByte()];
        var sizes = new long[in.readInt()];
        for (int i = 0; i < sizes.length; i++) sizes[i] = in.readLong();
        var shape = Shape.of(sizes);
        var values = new double[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) values[i] = in.readDouble();
        return new Value(dtype, shape, values);
    }

    private static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot tell where " + type + " lies", e);
        }
    }
}
