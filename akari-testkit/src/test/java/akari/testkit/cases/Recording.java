package akari.testkit.cases;

import akari.core.DType;
import akari.core.Shape;
import akari.testkit.TorchOracle.Answer;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** PyTorch's answers on file, found by what was asked: the expression and the operands' contents. */
final class Recording implements Comparison.Oracle {
    /** A question that is not in the file. */
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String expression) {
            super(expression + " was not recorded");
        }
    }

    /** By the question's digest; empty where PyTorch refuses. */
    private final Map<Long, Optional<Answer>> answers = new TreeMap<>();

    /** A copy of another oracle's answers that grows with each question. */
    Comparison.Oracle of(Comparison.Oracle other) {
        return (expression, inputs) -> {
            try {
                Answer answer = other.eval(expression, inputs);
                answers.put(digest(expression, inputs), Optional.of(answer));
                return answer;
            } catch (IllegalArgumentException e) {
                answers.put(digest(expression, inputs), Optional.empty());
                throw e;
            }
        };
    }

    @Override
    public Answer eval(String expression, Input... inputs) {
        Optional<Answer> answer = answers.get(digest(expression, inputs));
        if (answer == null) throw new Missing(expression);
        return answer.orElseThrow(() -> new IllegalArgumentException("PyTorch refuses " + expression));
    }

    private static long digest(String expression, Input[] inputs) {
        try {
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            out.writeUTF(expression);
            for (var input : inputs) {
                out.writeBoolean(input.requiresGrad());
                write(out, input.value());
            }
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()))
                    .getLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    // ---- file

    static Recording read(InputStream file) {
        var recording = new Recording();
        try (var in = new DataInputStream(new GZIPInputStream(file))) {
            for (int n = in.readInt(); n > 0; n--) {
                long digest = in.readLong();
                int outputs = in.readByte();
                if (outputs < 0) {
                    recording.answers.put(digest, Optional.empty());
                    continue;
                }
                List<Value> values = new ArrayList<>();
                for (int i = 0; i < outputs; i++) values.add(value(in));
                Map<String, Value> gradients = new LinkedHashMap<>();
                for (int i = in.readByte(); i > 0; i--) gradients.put(in.readUTF(), value(in));
                recording.answers.put(digest, Optional.of(new Answer(values, gradients)));
            }
            return recording;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path file) {
        try (var out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(answers.size());
            for (var e : answers.entrySet()) {
                out.writeLong(e.getKey());
                out.writeByte(e.getValue().map(a -> a.outputs().size()).orElse(-1));
                if (e.getValue().isEmpty()) continue;
                var answer = e.getValue().get();
                for (var v : answer.outputs()) write(out, v);
                out.writeByte(answer.gradients().size());
                for (var g : answer.gradients().entrySet()) {
                    out.writeUTF(g.getKey());
                    write(out, g.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, Value v) throws IOException {
        out.writeByte(v.dtype().ordinal());
        out.writeByte(v.shape().rank());
        for (long size : v.shape().toArray()) out.writeShort((int) size);
        for (double x : v.values()) {
            switch (v.dtype()) {
                case FLOAT64 -> out.writeDouble(x);
                case FLOAT32, FLOAT16, BFLOAT16 -> out.writeFloat((float) x);
                case INT64 -> out.writeLong((long) x);
                case INT32, INT16 -> out.writeInt((int) x);
                case INT8, UINT8, BOOL -> out.writeByte((int) x);
            }
        }
    }

    private static Value value(DataInputStream in) throws IOException {
        var type = DType.values()[in.readByte()];
        long[] sizes = new long[in.readByte()];
        for (int i = 0; i < sizes.length; i++) sizes[i] = in.readShort();
        var shape = Shape.of(sizes);
        double[] values = new double[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT64 -> in.readDouble();
                case FLOAT32, FLOAT16, BFLOAT16 -> in.readFloat();
                case INT64 -> in.readLong();
                case INT32, INT16 -> in.readInt();
                case INT8, BOOL -> in.readByte();
                case UINT8 -> in.readUnsignedByte();
            };
        }
        return new Value(type, shape, values);
    }
}
