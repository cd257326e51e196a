package akari.tensor;

import akari.core.DType;
import akari.nn.Functional;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A thread replaces the memory of a tensor, shape and type included, while others compute with it: what they get is up to chance, but
 * they get it, or an exception. Arguments: seconds, seed.
 */
final class Replacing {
    private Replacing() {}

    public static void main(String[] args) throws InterruptedException {
        long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000;
        long seed = Long.parseLong(args[1]);
        Tensor w = Tensors.ones(8, 8);
        List<Tensor> forms = List.of(
                Tensors.ones(8, 8),
                Tensors.ones(64, 1),
                Tensors.ones(2000, 64),
                Tensors.ones(64, 2000).t(),
                Tensors.ones(4, 4, 3, 3),
                Tensors.ones(1),
                Tensors.zeros(DType.INT64, 64, 64),
                Tensors.ones(DType.FLOAT64, 3, 300),
                Tensors.ones(16, 16, 16, 16),
                Tensors.ones(2, 4, 100, 100));
        Thread changer = new Thread(() -> {
            Random random = new Random(seed);
            while (System.nanoTime() < end) {
                attempt(() -> {
                    w.data(forms.get(random.nextInt(forms.size())));
                    return random.nextInt(4) == 0 ? w.t_() : w;
                });
            }
        });
        List<Thread> all = new ArrayList<>(List.of(changer));
        for (int t = 0; t < 2; t++) {
            Random random = new Random(seed + 1 + t);
            all.add(new Thread(() -> {
                while (System.nanoTime() < end) {
                    attempt(() -> one(random.nextInt(32), w));
                }
            }));
        }
        all.forEach(Thread::start);
        for (Thread t : all) {
            t.join();
        }
    }

    private static void attempt(Supplier<Tensor> what) {
        try {
            what.get();
        } catch (RuntimeException | OutOfMemoryError e) {
            // as it may be; that the process lives is what counts
        }
    }

    private static Tensor one(int what, Tensor w) {
        Tensor x = Tensors.ones(64, 64);
        Tensor images = Tensors.ones(2, 4, 32, 32);
        return switch (what) {
            case 0 -> x.matmul(w);
            case 1 -> w.matmul(x);
            case 2 -> w.matmul(w);
            case 3 -> w.add(x);
            case 4 -> w.mul(w);
            case 5 -> w.sum(0);
            case 6 -> w.softmax(-1);
            case 7 -> w.cumsum(0);
            case 8 -> w.sort().values();
            case 9 -> x.gather(0, w);
            case 10 -> x.indexSelect(0, w.flatten());
            case 11 -> w.transpose(0, 1).contiguous();
            case 12 -> Tensors.cat(List.of(w, w));
            case 13 -> w.to(DType.FLOAT64);
            case 14 -> w.flip(0);
            case 15 -> w.conv2d(w);
            case 16 -> images.conv2d(w);
            case 17 -> Functional.maxPool2d(w, 2);
            case 18 -> w.argmax(1);
            case 19 -> w.max();
            case 20 -> x.copy_(w);
            case 21 -> x.add_(w);
            case 22 -> w.clone().zero_();
            case 23 -> w.svd().s();
            case 24 -> w.qr().q();
            case 25 -> w.narrow(0, 0, 2).clone();
            case 26 -> w.unsqueeze(0).expand(3, -1, -1).sum();
            case 27 -> w.std(0);
            case 28 -> w.detach().requiresGrad_().square().sum();
            case 29 -> Tensors.tensor(w.toFloats());
            case 30 -> x.scatter(0, w, x);
            default -> w.where(w.gt(0), w);
        };
    }
}
