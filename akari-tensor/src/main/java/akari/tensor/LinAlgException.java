package akari.tensor;

/**
 * A matrix for which a decomposition or a solution does not exist: singular, not positive definite, not finite. The message names
 * the matrix of the batch and the pivot. PyTorch's {@code torch.linalg.LinAlgError}.
 */
public final class LinAlgException extends RuntimeException {
    LinAlgException(String message) {
        super(message);
    }
}
