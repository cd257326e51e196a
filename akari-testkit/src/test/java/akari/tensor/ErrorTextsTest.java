package akari.tensor;

import static akari.tensor.Tensors.ones;
import static akari.tensor.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What errors about shapes and types say, to the letter. */
class ErrorTextsTest {
    private static void says(String expected, Executable body) {
        assertEquals(
                expected.stripTrailing(),
                assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    @Test
    void broadcasting() {
        says("""
                add: shapes do not broadcast: 32 against 16 at dimension -2
                  first   [64, 3, 32, 8]
                  second  [    3, 16, 8]
                                  ^^
                sizes must be equal, or one of them 1: unsqueeze(dim) inserts a dimension of size 1
                """, () -> zeros(64, 3, 32, 8).add(zeros(3, 16, 8)));
        says("""
                mul_: the result does not fit into the tensor's own shape
                  tensor  [   3]
                  result  [2, 3]
                           ^
                an in-place operation keeps the shape; use the out-of-place form
                """, () -> zeros(3).mul_(ones(2, 3)));
    }

    @Test
    void matmul() {
        says("""
                matmul: the inner sizes 4 and 5 differ
                  left   [2, 3, 4]
                                ^
                  right  [   5, 6]
                             ^
                the left's last size must be the right's second-last
                """, () -> zeros(2, 3, 4).matmul(zeros(5, 6)));
        says("""
                matmul: the inner sizes 4 and 3 differ
                  left   [3, 4]
                             ^
                  right  [3, 5]
                          ^
                the left's last size must be the right's second-last: left.transpose(-2, -1) would fit
                """, () -> zeros(3, 4).matmul(zeros(3, 5)));
        says("""
                matmul: the inner sizes 4 and 3 differ
                  left   [4]
                  right  [3]
                          ^
                the left's last size must be the right's size
                """, () -> zeros(4).matmul(zeros(3)));
        says("""
                matmul: batch dimensions do not broadcast
                  left   [2, 7, 3, 4]
                  right  [   5, 4, 6]
                             ^
                all sizes but the last two must be equal, or one of them 1
                """, () -> zeros(2, 7, 3, 4).matmul(zeros(5, 4, 6)));
    }

    @Test
    void linear() {
        says("""
                linear: the input has 5 features, the weight takes 400
                  input   [8, 16,  5,   5]
                                        ^
                  weight  [       10, 400]
                                      ^^^
                the input's last size must be the weight's: input.flatten(1) would fit
                """, () -> zeros(8, 16, 5, 5).linear(zeros(10, 400), null));
        says("""
                linear: the input has 10 features, the weight takes 4
                  input   [ 2, 10]
                               ^^
                  weight  [10,  4]
                                ^
                the input's last size must be the weight's: a weight is [out, in], weight.t() would fit
                """, () -> zeros(2, 10).linear(zeros(10, 4), null));
        says("""
                linear: the bias does not fit the weight
                  bias    [ 4]
                  weight  [10, 4]
                           ^^
                one number for each output is needed: [10]
                """, () -> zeros(2, 4).linear(zeros(10, 4), zeros(4)));
    }

    @Test
    void convolution() {
        says("""
                conv2d: the input has 1 channels, the weight takes 3
                  input   [ 8, 1, 28, 28]
                  weight  [16, 3,  5,  5]
                               ^
                a weight is [out, in/groups, kernel…]
                """, () -> zeros(8, 1, 28, 28).conv2d(zeros(16, 3, 5, 5), null));
        says("""
                conv2d: the input has 32 channels, the weight takes 3
                  input   [ 8, 32, 32, 3]
                               ^^
                  weight  [16,  3,  5, 5]
                                ^
                a weight is [out, in/groups, kernel…], an input [N, C, size…]: channels lie last here, input.movedim(-1, 1)\
                 would fit
                """, () -> zeros(8, 32, 32, 3).conv2d(zeros(16, 3, 5, 5), null));
        says("""
                conv2d: the input has 8 channels, the weight takes 1
                  input   [1, 8, 9, 9]
                  weight  [8, 1, 3, 3]
                              ^
                a weight is [out, in/groups, kernel…]: groups = 8 would fit
                """, () -> zeros(1, 8, 9, 9).conv2d(zeros(8, 1, 3, 3), null));
        says("""
                conv2d: the kernel is larger than the padded input
                  input   [1, 3, 2, 9]  padding [0, 0]
                  weight  [2, 3, 3, 3]  dilation [1, 1]
                                 ^
                pad more, or use a smaller kernel or dilation
                """, () -> zeros(1, 3, 2, 9).conv2d(zeros(2, 3, 3, 3), null));
        Convolution groups = new Convolution(Shape.fill(2, 1), Shape.fill(2, 0), Shape.fill(2, 1), 2);
        says("""
                conv2d: 3 output channels do not divide into 2 groups
                  input   [1, 4, 9, 9]
                  weight  [3, 2, 3, 3]
                           ^
                make the weight's first size a multiple of groups
                """, () -> zeros(1, 4, 9, 9).convolution(groups, zeros(3, 2, 3, 3), null));
    }

    @Test
    void joiningAndReshaping() {
        says("""
                cat along dimension 0: tensor 2 does not fit tensor 0
                  tensor 0  [2, 3, 4]
                  tensor 2  [7, 3, 5]
                                   ^
                all other dimensions must be equal
                """, () -> Tensors.cat(List.of(zeros(2, 3, 4), zeros(1, 3, 4), zeros(7, 3, 5)), 0));
        says("""
                cat: tensor 1 has 1 dimensions, tensor 0 has 2
                  tensor 0  [2, 3]
                  tensor 1  [   3]
                unsqueeze(dim) adds a dimension of size 1; stack adds a new one for all
                """, () -> Tensors.cat(List.of(zeros(2, 3), zeros(3)), 0));
        says("""
                reshape: 24 elements do not make 25
                  from  [2, 3, 4]
                  to    [   5, 5]
                one size may be -1: what is left
                """, () -> zeros(2, 3, 4).reshape(5, 5));
        says("""
                reshape: 6 elements do not divide by the 4 of the given sizes
                  from  [2,  3]
                  to    [4, -1]
                -1 stands for what is left
                """, () -> zeros(2, 3).reshape(4, -1));
        says("""
                shape does not expand: only dimensions of size 1 can grow
                  from  [   3, 1]
                  to    [2, 6, 5]
                            ^
                repeat(…) copies the elements
                """, () -> zeros(3, 1).expand(2, 6, 5));
    }

    @Test
    void types() {
        says("""
                matmul needs two tensors of one type, and not of bool
                  left   [2, 3]  float32
                  right  [3, 4]  float64
                convert with to(dtype): the two promote to float64
                """, () -> zeros(2, 3).matmul(zeros(DType.FLOAT64, 3, 4)));
        says("""
                linear: all must be of one floating type
                  input   [2, 3]  float32
                  weight  [4, 3]  float64
                  bias    [   4]  float32
                convert with to(dtype), or compute in mixed precision with Tensors.autocast
                """, () -> zeros(2, 3).linear(zeros(DType.FLOAT64, 4, 3), zeros(4)));
    }
}
