/** Kernel benchmarks, races and soak runs. */
module akari.bench {
    requires akari.train;
    requires akari.vision;
    requires static com.microsoft.onnxruntime;
    requires static org.bytedeco.javacpp;
    requires static org.bytedeco.pytorch;
    requires static org.jspecify;
}
