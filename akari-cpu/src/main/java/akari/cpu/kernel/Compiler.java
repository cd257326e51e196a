package akari.cpu.kernel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import akari.cpu.kernel.Program.Node;
import akari.cpu.kernel.Program.Op;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Turns a program into a hidden class with a vector loop for whole vectors and a masked pass for the rest. Steps are calls of
 * the Vector API itself: a method of ours in between would count against the JIT's inlining budget, and its vectors be boxed. What does not depend on the element (constants, scalars, broadcast inputs and whatever is made of them) is computed
 * before the loop.
 */
final class Compiler {
    private static final ClassDesc SELF = ClassDesc.of("akari.cpu.kernel.CompiledKernel");
    private static final ClassDesc VECTORS = ClassDesc.of("akari.cpu.kernel.Vectors");
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    private static final ClassDesc MEMORY = ClassDesc.of("java.lang.foreign.MemorySegment");
    private static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(CD_void, CD_long.arrayType(), CD_double.arrayType(), CD_int);

    private final Program program;
    private final int inputs;
    private final long broadcast;
    private final ClassDesc vector;
    private final ClassDesc element;
    private final ClassDesc bits;
    private final ClassDesc integer;
    private final long signBit;
    private final String species;
    private final int lanes;
    private final int shift;
    private final boolean[] fixed;

    private Compiler(Program program, int inputs, long broadcast) {
        this.program = program;
        this.inputs = inputs;
        this.broadcast = broadcast;
        Lane lane = program.lane();
        vector = ClassDesc.of("jdk.incubator.vector." + lane.title + "Vector");
        element = switch (lane) {
            case FLOAT -> CD_float;
            case DOUBLE -> CD_double;
            case BOOL, BYTE -> CD_byte;
            case INT -> CD_int;
            case LONG -> CD_long;
        };
        bits = ClassDesc.of("jdk.incubator.vector." + (lane == Lane.DOUBLE ? "LongVector" : "IntVector"));
        integer = lane == Lane.DOUBLE ? CD_long : CD_int;
        signBit = lane == Lane.DOUBLE ? Long.MIN_VALUE : Integer.MIN_VALUE;
        species = lane.title.toUpperCase(Locale.ROOT) + "S";
        lanes = Vectors.lanes(lane);
        shift = Integer.numberOfTrailingZeros(lane.bytes);
        fixed = new boolean[program.nodes().size()];
        for (int k = 0; k < fixed.length; k++) {
            Node n = program.nodes().get(k);
            fixed[k] = n.op() == Op.INPUT ? isBroadcast((int) n.value()) : operandsFixed(n);
        }
    }

    /** Bit i of {@code broadcast} says that input i is one element for the whole row. */
    static Loop compile(Program program, int inputs, long broadcast) {
        byte[] code = new Compiler(program, inputs, broadcast).build();
        try {
            return (Loop) MethodHandles.lookup()
                    .defineHiddenClass(code, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a compiled kernel could not be loaded", e);
        }
    }

    private boolean isBroadcast(int input) {
        return (broadcast >> input & 1) != 0;
    }

    private boolean operandsFixed(Node n) {
        for (int i = 0; i < n.op().arity; i++) {
            if (!fixed[n.operand(i)]) {
                return false;
            }
        }
        return true;
    }

    private byte[] build() {
        return ClassFile.of().build(SELF, c -> {
            c.withFlags(ClassFile.ACC_FINAL).withInterfaceSymbols(ClassDesc.of("akari.cpu.kernel.Loop"));
            c.withMethodBody(
                    "<init>",
                    MTD_void,
                    0,
                    b -> b.aload(0).invokespecial(CD_Object, "<init>", MTD_void).return_());
            c.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::dispatch);
            method(c, "whole", b -> new Pass(b, false).emit());
            method(c, "rest", b -> new Pass(b, true).emit());
        });
    }

    private static void method(ClassBuilder c, String name, Consumer<CodeBuilder> body) {
        c.withMethodBody(name, RUN, ClassFile.ACC_STATIC, body);
    }

    private void dispatch(CodeBuilder b) {
        Label rest = b.newLabel();
        Label end = b.newLabel();
        b.iload(3).loadConstant(lanes).if_icmplt(rest);
        b.aload(1).aload(2).iload(3).invokestatic(SELF, "whole", RUN);
        b.labelBinding(rest).iload(3).loadConstant(lanes - 1).iand().ifeq(end);
        b.aload(1).aload(2).iload(3).invokestatic(SELF, "rest", RUN);
        b.labelBinding(end).return_();
    }

    /** One of the two methods; locals are the three arguments, the loop index, then addresses and values. */
    private final class Pass {
        private static final int AT = 0;
        private static final int SCALARS = 1;
        private static final int N = 2;

        private final CodeBuilder b;
        private final boolean masked;
        private final int index = 3;
        private final int offset = 4;
        private final int mask = 6;
        private final int[] address = new int[program.outputs() + inputs];
        private final int[] local = new int[fixed.length];
        private int next = 7;

        Pass(CodeBuilder b, boolean masked) {
            this.b = b;
            this.masked = masked;
        }

        void emit() {
            Arrays.fill(address, -1);
            for (int v = 0; v < address.length; v++) {
                address[v] = next;
                next += 2;
                b.aload(AT).loadConstant(v).laload().lstore(address[v]);
            }
            values(true);
            if (masked) {
                b.iload(N).iload(N).loadConstant(lanes - 1).iand().isub().istore(index);
                b.getstatic(VECTORS, species, SPECIES).iload(index).iload(N);
                b.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
                b.astore(mask);
                step();
            } else {
                Label top = b.newLabel();
                Label end = b.newLabel();
                b.iconst_0().istore(index);
                b.labelBinding(top)
                        .iload(index)
                        .iload(N)
                        .loadConstant(lanes)
                        .isub()
                        .if_icmpgt(end);
                step();
                b.iinc(index, lanes).goto_(top).labelBinding(end);
            }
            b.return_();
        }

        private void step() {
            b.iload(index).i2l().loadConstant(shift).lshl().lstore(offset);
            values(false);
            for (int i = 0; i < program.outputs(); i++) {
                b.aload(local[program.result(i)]);
                b.getstatic(VECTORS, "MEMORY", MEMORY);
                b.lload(address[i]).lload(offset).ladd();
                b.getstatic(VECTORS, "ORDER", ORDER);
                if (masked) {
                    b.aload(mask);
                    onVector("intoMemorySegment", CD_void, MEMORY, CD_long, ORDER, MASK);
                } else {
                    onVector("intoMemorySegment", CD_void, MEMORY, CD_long, ORDER);
                }
            }
        }

        /** Computes the steps before the loop, or those within. */
        private void values(boolean before) {
            List<Node> nodes = program.nodes();
            for (int k = 0; k < nodes.size(); k++) {
                if (fixed[k] == before) {
                    value(nodes.get(k));
                    local[k] = next++;
                    b.astore(local[k]);
                }
            }
        }

        private void value(Node n) {
            switch (n.op()) {
                case INPUT -> input((int) n.value());
                case SCALAR -> {
                    b.getstatic(VECTORS, species, SPECIES);
                    b.aload(SCALARS).loadConstant((int) n.value()).daload();
                    fill();
                }
                case CONST -> {
                    b.getstatic(VECTORS, species, SPECIES);
                    b.loadConstant(n.value());
                    fill();
                }
                case NEG, ABS, SQRT -> {
                    operands(n);
                    onVector(n.op().name().toLowerCase(Locale.ROOT), vector);
                }
                case ADD, SUB, MUL, DIV, MIN, MAX -> {
                    operands(n);
                    onVector(n.op().name().toLowerCase(Locale.ROOT), vector, VECTOR);
                }
                case FMA -> {
                    operands(n);
                    onVector("fma", vector, VECTOR, VECTOR);
                }
                case LT, LE, GT, GE, EQ, NE -> {
                    b.aload(local[n.d()]).aload(local[n.c()]).aload(local[n.a()]);
                    b.getstatic(OPERATORS, comparison(n.op()), OPERATORS.nested("Comparison"));
                    b.aload(local[n.b()]);
                    onVector("compare", MASK, OPERATORS.nested("Comparison"), VECTOR);
                    onVector("blend", vector, VECTOR, MASK);
                }
                case AND, OR, XOR -> {
                    b.aload(local[n.a()]);
                    b.getstatic(OPERATORS, n.op().name(), OPERATORS.nested("Associative"));
                    b.aload(local[n.b()]);
                    onVector("lanewise", vector, OPERATORS.nested("Binary"), VECTOR);
                }
                case COPYSIGN -> {
                    bits(n.a());
                    integer(~signBit);
                    onBits("and", bits, integer);
                    bits(n.b());
                    integer(signBit);
                    onBits("and", bits, integer);
                    onBits("or", bits, VECTOR);
                    unbits();
                }
                case POWER2 -> {
                    bits(n.a());
                    shift("LSHL");
                    integer(Functions.ONE_BITS);
                    onBits("add", bits, integer);
                    unbits();
                }
                case EXPONENT -> {
                    exponentBits(n.a());
                    b.getstatic(OPERATORS, "I2F", OPERATORS.nested("Conversion"))
                            .iconst_0();
                    onBits("convert", VECTOR, OPERATORS.nested("Conversion"), CD_int);
                    b.checkcast(vector);
                }
                case MANTISSA -> {
                    bits(n.a());
                    exponentBits(n.a());
                    shift("LSHL");
                    onBits("sub", bits, VECTOR);
                    unbits();
                }
                case CALL, CALL2 -> throw new IllegalStateException("no vector form of " + n);
            }
        }

        private void input(int i) {
            int at = address[program.outputs() + i];
            b.getstatic(VECTORS, species, SPECIES);
            if (isBroadcast(i)) {
                b.lload(at);
                b.invokestatic(VECTORS, "get" + program.lane().title, MethodTypeDesc.of(element, CD_long));
                b.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
                truth();
                return;
            }
            b.getstatic(VECTORS, "MEMORY", MEMORY);
            b.lload(at).lload(offset).ladd();
            b.getstatic(VECTORS, "ORDER", ORDER);
            if (masked) {
                b.aload(mask);
                b.invokestatic(
                        vector, "fromMemorySegment", MethodTypeDesc.of(vector, SPECIES, MEMORY, CD_long, ORDER, MASK));
            } else {
                b.invokestatic(vector, "fromMemorySegment", MethodTypeDesc.of(vector, SPECIES, MEMORY, CD_long, ORDER));
            }
            truth();
        }

        /** Any byte but 0 is true: a view of other bytes as booleans holds more than 0 and 1. */
        private void truth() {
            if (program.lane() == Lane.BOOL) {
                b.getstatic(OPERATORS, "UMIN", OPERATORS.nested("Associative")).iconst_1();
                onVector("lanewise", vector, OPERATORS.nested("Binary"), element);
            }
        }

        private void operands(Node n) {
            for (int i = 0; i < n.op().arity; i++) {
                b.aload(local[n.operand(i)]);
            }
        }

        private String comparison(Op op) {
            boolean ordered = op != Op.EQ && op != Op.NE;
            return ordered && program.lane().isUnsigned() ? "U" + op.name() : op.name();
        }

        private void fill() {
            switch (program.lane()) {
                case FLOAT -> b.d2f();
                case DOUBLE -> {}
                case BOOL, BYTE -> b.d2l().l2i().i2b();
                case INT -> b.d2l().l2i();
                case LONG -> b.d2l();
            }
            b.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
        }

        private void bits(int node) {
            b.aload(local[node]);
            onVector(program.isWide() ? "reinterpretAsLongs" : "reinterpretAsInts", bits);
        }

        private void unbits() {
            onBits(program.isWide() ? "reinterpretAsDoubles" : "reinterpretAsFloats", vector);
        }

        private void exponentBits(int node) {
            bits(node);
            integer(Functions.SQRT_HALF_BITS);
            onBits("sub", bits, integer);
            shift("ASHR");
        }

        private void shift(String direction) {
            b.getstatic(OPERATORS, direction, OPERATORS.nested("Binary"));
            integer(23);
            onBits("lanewise", bits, OPERATORS.nested("Binary"), integer);
        }

        private void integer(long v) {
            if (program.isWide()) {
                b.loadConstant(v);
            } else {
                b.loadConstant((int) v);
            }
        }

        private void onVector(String name, ClassDesc result, ClassDesc... arguments) {
            b.invokevirtual(vector, name, MethodTypeDesc.of(result, arguments));
        }

        private void onBits(String name, ClassDesc result, ClassDesc... arguments) {
            b.invokevirtual(bits, name, MethodTypeDesc.of(result, arguments));
        }
    }
}
