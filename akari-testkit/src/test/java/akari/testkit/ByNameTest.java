package akari.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Cases of ops that have no row of their own. */
class ByNameTest {
    private static final String X = "\"x\": {\"shape\": [2, 2], \"values\": [1, -2, 3, 4]}";
    private static final String Y = ", \"y\": {\"shape\": [2, 2], \"values\": [0, 1, 1, 0]}";
    private static final String Z = ", \"z\": {\"shape\": [2, 2], \"values\": [1, 1, 1, 1]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tensor.absolute  | 1 | {}                                  | 2, 2 | 1, 2, 3, 4
            absolute_        | 1 | {}                                  | 2, 2 | 1, 2, 3, 4
            torch.clip       | 1 | {"min": 0, "max": 3}                | 2, 2 | 1, 0, 3, 3
            tensor.addmm     | 3 | {"beta": 2, "alpha": 3}             | 2, 2 | 5, -1, 9, 11
            tensor.multiply  | 2 | {}                                  | 2, 2 | 0, -2, 3, 0
            tensor.greater   | 2 | {}                                  | 2, 2 | 1, 0, 1, 1
            tensor.det       | 1 | {}                                  |      | 10
            fliplr           | 1 | {}                                  | 2, 2 | -2, 1, 4, 3
            tensor.trace     | 1 | {}                                  |      | 5
            concat           | 2 | {"dim": 1}                          | 2, 4 | 1, -2, 0, 1, 3, 4, 1, 0
            tensor.swapaxes  | 1 | {"axis0": 0, "axis1": 1}            | 2, 2 | 1, 3, -2, 4
            tensor.allclose  | 2 | {}                                  |      | 0
            tensor.hsplit    | 1 | {"sections": 2}                     | 2, 1 | 1, 3
            tensor.fill_     | 1 | {"value": 7}                        | 2, 2 | 7, 7, 7, 7
            """)
    void runs(String op, int inputs, String args, String shape, String values) {
        String sizes = shape == null ? "" : shape;
        assertThat(run(op, inputs, args, sizes, values)).isNull();
        assertThat(run(op, inputs, args, sizes, values.replaceAll("\\d+", "99")))
                .contains("99");
    }

    private static String run(String op, int inputs, String args, String shape, String values) {
        String json = "{\"op\": \"%s\", \"args\": %s, \"inputs\": {%s}, \"out\": [{\"shape\": [%s], \"values\": [%s]}]}"
                .formatted(op, args, X + (inputs > 1 ? Y : "") + (inputs > 2 ? Z : ""), shape, values);
        return new OpCase(JsonMapper.shared().readTree(json)).run(DType.FLOAT64);
    }

    @Test
    void whatNoOverloadTakesIsNamed() {
        assertThatThrownBy(() -> run("tensor.trace", 2, "{\"k\": 1}", "", "5"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("no overload of trace takes the inputs [x, y] and the arguments [k]");
        assertThat(OpTable.find("no_such_op")).isNull();
    }
}
