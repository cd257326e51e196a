package akari.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import akari.bench.RaceSetting.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime's side of the races: a session with all optimisations, made once; only its runs are timed. */
final class Onnx {
    private final int threads;

    Onnx(RaceSetting setting) {
        if (setting.dtype() != Precision.F32) {
            throw new IllegalArgumentException(
                    "ONNX Runtime has no convolutions in " + setting.dtype() + " on a CPU. Race in f32.");
        }
        threads = setting.threads();
    }

    static String version() {
        return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
    }

    Work infer(Network network, int batch) {
        try {
            var environment = OrtEnvironment.getEnvironment();
            var options = new SessionOptions();
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            var session = environment.createSession(OnnxGraph.model(network, batch), options);
            int count = batch * 3 * network.size * network.size;
            var x = ByteBuffer.allocateDirect(4 * count)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            x.put(Numbers.uniform(Recipe.INPUT_STREAM, count, 1)).flip();
            var inputs = Map.of(OnnxGraph.INPUT, OnnxTensor.createTensor(environment, x, network.inputShape(batch)));
            return Work.of(() -> run(session, inputs), () -> logits(session, inputs));
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refused " + network, e);
        }
    }

    private static void run(OrtSession session, Map<String, OnnxTensor> inputs) {
        try (var result = session.run(inputs)) {
            var _ = result;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed", e);
        }
    }

    private static float[] logits(OrtSession session, Map<String, OnnxTensor> inputs) {
        try (var result = session.run(inputs)) {
            FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
            var values = new float[out.remaining()];
            out.get(values);
            return values;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed", e);
        }
    }
}
