package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.testkit.TorchOracle.Value;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The process behind {@link TorchOracle}: reads questions from standard input until it ends, answers on standard output. */
final class TorchServer {
    private final Map<String, CompilationUnit> compiled = new HashMap<>();

    private TorchServer() {}

    public static void main(String[] args) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(System.in));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err);
        // plain interpretation: the optimiser would put gradient formulas of its own in place of the operators'
        torch.getExecutorMode().put(false);
        torch.getProfilingMode().put(false);
        torch.setGraphExecutorOptimize(false);
        // PyTorch's own kernels: its oneDNN gets float32 gradients of dilated convolutions wrong (seen with AVX-512)
        torch.globalContext().setUserEnabledMkldnn(false);
        torch.globalContext().setUserEnabledNNPACK(false);
        var server = new TorchServer();
        while (true) {
            try (var scope = new PointerScope()) {
                server.answer(in, out);
            } catch (EOFException e) {
                System.exit(0); // a library's idle threads must not keep the process
            }
        }
    }

    private void answer(DataInputStream in, DataOutputStream out) throws IOException {
        var expression = in.readUTF();
        var inputs = new LinkedHashMap<String, Tensor>();
        for (int n = in.readInt(); n > 0; n--) {
            var name = in.readUTF();
            boolean requiresGrad = in.readBoolean();
            inputs.put(name, tensor(TorchOracle.read(in)).set_requires_grad(requiresGrad));
        }
        try {
            var tensors = tensors(call(expression, inputs));
            var gradients = gradients(tensors, inputs);
            var outputs = tensors.stream().map(TorchServer::value).toList();
            out.writeBoolean(true);
            out.writeInt(outputs.size());
            for (var output : outputs) TorchOracle.write(out, output);
            out.writeInt(gradients.size());
            for (var e : gradients.entrySet()) {
                out.writeUTF(e.getKey());
                TorchOracle.write(out, e.getValue());
            }
        } catch (RuntimeException e) { // every C++ exception arrives as one
            var message = String.valueOf(e.getMessage());
            out.writeBoolean(false);
            out.writeUTF(message.substring(0, Math.min(message.length(), 2000)));
        }
        out.flush();
    }

    private IValue call(String expression, Map<String, Tensor> inputs) {
        // statements on lines of their own come before the expression
        int last = expression.lastIndexOf('\n') + 1;
        var statements = expression
                .substring(0, last)
                .lines()
                .map(line -> "  " + line + "\n")
                .collect(Collectors.joining());
        var source = "def f(" + String.join(", ", inputs.keySet()) + "):\n" + statements + "  return "
                + expression.substring(last) + "\n";
        var unit = compiled.get(source);
        if (unit == null) {
            unit = torch.compile(source).retainReference();
            compiled.put(source, unit);
        }
        var arguments = new IValueVector();
        for (var tensor : inputs.values()) arguments.push_back(new IValue(tensor));
        return unit.get_function(new QualifiedName("f")).apply(arguments);
    }

    private static List<Tensor> tensors(IValue result) {
        var tensors = new ArrayList<Tensor>();
        if (result.isTensor()) {
            tensors.add(result.toTensor());
        } else if (result.isTensorList()) {
            var list = result.toTensorVector();
            for (long i = 0; i < list.size(); i++) tensors.add(list.get(i));
        } else if (result.isTuple()) {
            var elements = result.toTuple().elements();
            for (long i = 0; i < elements.size(); i++)
                tensors.add(elements.get(i).toTensor());
        } else if (result.isScalar()) {
            tensors.add(torch.scalar_tensor(result.toScalar()));
        }
        if (tensors.isEmpty()) throw new IllegalArgumentException("the expression gives no tensor");
        return tensors;
    }

    /** Of the sum over all outputs that have gradients, each times its weights; what no output depends on is missing. */
    private static Map<String, Value> gradients(List<Tensor> outputs, Map<String, Tensor> inputs) {
        var gradients = new LinkedHashMap<String, Value>();
        Tensor total = null;
        for (int i = 0; i < outputs.size(); i++) {
            var output = outputs.get(i);
            if (!output.requires_grad()) continue;
            var weights = doubles(TorchOracle.weights(i, Math.toIntExact(output.numel())), output.shape());
            var part = output.mul(weights.to(output.scalar_type())).sum();
            total = total == null ? part : total.add(part);
        }
        if (total == null) return gradients;
        total.backward();
        inputs.forEach((name, tensor) -> {
            if (tensor.grad().defined()) gradients.put(name, value(tensor.grad()));
        });
        return gradients;
    }

    private static Tensor tensor(Value value) {
        var type = switch (value.dtype()) {
            case BOOL -> ScalarType.Bool;
            case UINT8 -> ScalarType.Byte;
            case INT8 -> ScalarType.Char;
            case INT16 -> ScalarType.Short;
            case INT32 -> ScalarType.Int;
            case INT64 -> ScalarType.Long;
            case FLOAT16 -> ScalarType.Half;
            case BFLOAT16 -> ScalarType.BFloat16;
            case FLOAT32 -> ScalarType.Float;
            case FLOAT64 -> ScalarType.Double;
        };
        return doubles(value.values(), value.shape().toArray()).to(type);
    }

    private static Tensor doubles(double[] values, long[] shape) {
        var data = new DoublePointer(values); // lives as long as the question's scope
        return torch.from_blob(data, shape, torch.dtype(ScalarType.Double)).clone();
    }

    private static Value value(Tensor tensor) {
        var dtype = switch (tensor.scalar_type().intern()) {
            case Bool -> DType.BOOL;
            case Byte -> DType.UINT8;
            case Char -> DType.INT8;
            case Short -> DType.INT16;
            case Int -> DType.INT32;
            case Long -> DType.INT64;
            case Half -> DType.FLOAT16;
            case BFloat16 -> DType.BFLOAT16;
            case Float -> DType.FLOAT32;
            case Double -> DType.FLOAT64;
            default -> throw new IllegalArgumentException("no Akari type for PyTorch's " + tensor.scalar_type());
        };
        var values = new double[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            tensor.detach().to(ScalarType.Double).contiguous().data_ptr_double().get(values);
        }
        return new Value(dtype, Shape.of(tensor.shape()), values);
    }
}
