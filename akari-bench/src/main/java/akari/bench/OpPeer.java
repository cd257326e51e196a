package akari.bench;

import akari.core.DType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * PyTorch's side of the race of operations, in a process of its own. Lines on standard input: {@code case EXPRESSION|OPERAND|…} sets up
 * a case, {@code threads N}, {@code run N} repeats it in a loop of PyTorch's own interpreter and answers with the nanoseconds, {@code
 * sum} answers with the sum of the result's elements.
 */
final class OpPeer {
    private final Map<String, Tensor> made = new HashMap<>();
    private final List<Tensor> operands = new ArrayList<>();
    private CompilationUnit unit = new CompilationUnit();

    private OpPeer() {}

    public static void main(String[] args) throws IOException {
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what a library prints must not be taken for an answer
        torch.getExecutorMode().put(false);
        torch.getProfilingMode().put(false);
        torch.setGraphExecutorOptimize(false);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var peer = new OpPeer();
        for (String line; (line = commands.readLine()) != null && !line.equals("quit"); ) {
            try {
                answers.println("@" + peer.answer(line));
            } catch (RuntimeException e) { // every C++ exception arrives as one
                var message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                answers.println("@!" + line + ": " + message);
            }
        }
        System.exit(0); // a library's idle threads must not keep the process
    }

    private String answer(String line) {
        var command = line.split(" ", 2);
        switch (command[0]) {
            case "threads" -> torch.set_num_threads(Integer.parseInt(command[1]));
            case "case" -> prepare(command[1].split("\\|"));
            case "run" -> {
                int n = Integer.parseInt(command[1]);
                try (var scope = new PointerScope();
                        var guard = new NoGradGuard()) {
                    long start = System.nanoTime();
                    call(n);
                    return Long.toString(System.nanoTime() - start);
                }
            }
            default -> {
                try (var scope = new PointerScope();
                        var guard = new NoGradGuard()) {
                    return Double.toString(
                            call(1).toTensor().to(ScalarType.Double).sum().item_double());
                }
            }
        }
        return "";
    }

    private IValue call(int times) {
        var arguments = new IValueVector(new IValue((long) times));
        for (var operand : operands) arguments.push_back(new IValue(operand));
        return unit.get_function(new QualifiedName("f")).apply(arguments);
    }

    private void prepare(String[] parts) {
        operands.clear();
        var parameters = new StringBuilder();
        for (int i = 1; i < parts.length; i++) {
            int stream = i;
            var text = parts[i];
            operands.add(made.computeIfAbsent(
                    i + text, k -> tensor(RaceCase.Operand.parse(text, DType.FLOAT32), stream)));
            parameters.append(", ").append("xyz".charAt(i - 1));
        }
        unit.close();
        unit = torch.compile("def f(n: int" + parameters + "):\n  r = " + parts[0] + "\n"
                + "  for i in range(n - 1):\n    r = " + parts[0] + "\n  return r\n");
    }

    private static Tensor tensor(RaceCase.Operand operand, int stream) {
        var type = switch (operand.dtype()) {
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
        try (var data = new DoublePointer(operand.values(stream))) {
            return torch.from_blob(data, operand.shape(), torch.dtype(ScalarType.Double))
                    .clone()
                    .to(type);
        }
    }
}
