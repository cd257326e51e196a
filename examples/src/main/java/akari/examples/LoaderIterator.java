package akari.examples;

import akari.data.DataLoader;
import akari.vision.datasets.Datasets;

/** A loader and its iterator: every iterator is a new epoch, in a new order. */
public final class LoaderIterator {
    private LoaderIterator() {}

    public static void main(String[] args) {
        var digits = Datasets.load("digits");
        var train = digits.train().transform(digits.preprocessing(8, 8));
        var loader = new DataLoader(train).batchSize(4).shuffle(true).seed(1);

        var batch = loader.iterator().next();
        System.out.println(
                "images " + batch.input().shape() + " " + batch.input().dtype());
        System.out.println("labels " + batch.target());

        var next = loader.iterator();
        System.out.println("labels " + next.next().target());
        System.out.println("labels " + next.next().target());
        System.out.println(loader.size() + " batches an epoch");
    }
}
