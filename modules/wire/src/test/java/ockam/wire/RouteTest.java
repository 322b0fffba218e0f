// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import ockam.fixtures.Hex;
import ockam.wire.DecodeFailure.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    private static final Route NUMBERS = Route.of("1", "2", "3");
    private static final Route LETTERS = Route.of("a", "b", "c");

    private static void assertRefused(ThrowingCallable call, WireException.Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static Decoded<Route> decode(String hex) {
        return Cbor.decode(Hex.bytes(hex), CborLimits.defaults(), Route::readFrom);
    }

    private static String encode(Route route) {
        CborWriter writer = CborWriter.create(8);
        route.writeTo(writer);
        return Hex.of(writer.toByteString());
    }

    @ParameterizedTest
    @CsvSource({
        "h1,                           0#h1",
        "h1=>h2,                       0#h1 => 0#h2",
        "'  h1  =>  1#a:4000 => h3  ', 0#h1 => 1#a:4000 => 0#h3",
        "h1=>0#=>h2,                   0#h1 => 0# => 0#h2"
    })
    void parsesTextForm(String text, String printed) {
        assertThat(Route.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1 => 300#x", "h1 => a#b#c", "#x", "h1 => #"})
    void refusesTextThatIsNotARoute(String text) {
        assertRefused(() -> Route.parse(text), WireException.Reason.INVALID_ROUTE);
    }

    @ParameterizedTest
    @CsvSource({"'',1", "' ',1", "=>,1", "h1 =>,2", "=> h1,1", "h1 => api =>,3", "h1 => => api,2", "h1=>\t=>api,2"})
    void refusesAnEmptyPartAndSaysWhichItIs(String text, int part) {
        assertRefused(() -> Route.parse(text), WireException.Reason.INVALID_ROUTE);
        assertThatThrownBy(() -> Route.parse(text)).hasMessage("part " + part + " of a route: there is no address");
    }

    @Test
    void routeOfNothingIsTheEmptyOne() {
        assertThat(Route.of()).isSameAs(Route.empty());
    }

    @Test
    void refusesHalfOfASurrogatePair() {
        assertRefused(() -> Route.parse("h1 => \uD83D => h2"), WireException.Reason.INVALID_ROUTE);
        assertRefused(() -> Route.of("h1", "\uD83D"), WireException.Reason.INVALID_ADDRESS);
    }

    @Test
    void parsesWhatItPrints() {
        Route route = Route.parse("h1 => 1#127.0.0.1:4000 => 255#x");

        assertThat(Route.parse(route.toString())).isEqualTo(route);
        Route unnamed = Route.of("", "h1", "");
        assertThat(Route.parse(unnamed.toString())).isEqualTo(unnamed);
        assertThat(Route.empty()).hasToString("");
    }

    @Test
    void returnsFrontRestAndEnd() {
        assertThat(NUMBERS.next()).isEqualTo(Address.of("1"));
        assertThat(NUMBERS.step()).isEqualTo(Route.of("2", "3"));
        assertThat(NUMBERS.recipient()).isEqualTo(Address.of("3"));
        assertThat(NUMBERS.step().step().step()).isEqualTo(Route.empty());
        assertThat(NUMBERS.step().step().recipient()).isEqualTo(Address.of("3"));
    }

    @Test
    void hasNeitherFrontNorEndWhenEmpty() {
        Route empty = Route.empty();

        assertRefused(empty::next, WireException.Reason.INCOMPLETE_ROUTE);
        assertRefused(empty::step, WireException.Reason.INCOMPLETE_ROUTE);
        assertRefused(empty::recipient, WireException.Reason.INCOMPLETE_ROUTE);
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.size()).isZero();
        assertThat(empty).isEmpty();
    }

    @Test
    void keepsTheOrderOfPrependedAndAppendedAddresses() {
        assertThat(LETTERS.prepend(NUMBERS)).isEqualTo(Route.of("1", "2", "3", "a", "b", "c"));
        assertThat(LETTERS.append(NUMBERS)).isEqualTo(Route.of("a", "b", "c", "1", "2", "3"));
        assertThat(LETTERS.prepend(Address.of("1"))).isEqualTo(Route.of("1", "a", "b", "c"));
        assertThat(LETTERS.append(Address.of("1"))).isEqualTo(Route.of("a", "b", "c", "1"));
    }

    @Test
    void joinsWithTheEmptyRoute() {
        assertThat(Route.empty().prepend(NUMBERS)).isSameAs(NUMBERS);
        assertThat(NUMBERS.prepend(Route.empty())).isSameAs(NUMBERS);
        assertThat(Route.empty().append(NUMBERS)).isSameAs(NUMBERS);
        assertThat(NUMBERS.append(Route.empty())).isSameAs(NUMBERS);
        assertThat(Route.empty().append(Address.of("1"))).isEqualTo(Route.of("1"));
    }

    @Test
    void replacesItsFront() {
        assertThat(NUMBERS.replaceNext(Address.of("x"))).isEqualTo(Route.of("x", "2", "3"));
        assertThat(Route.empty().replaceNext(Address.of("x"))).isEqualTo(Route.of("x"));
    }

    @Test
    void containsConsecutiveRunsOnly() {
        Route route = Route.of("a", "b", "a", "b", "c");

        assertThat(route.contains(Route.of("a", "b", "c"))).isTrue();
        assertThat(route.contains(route)).isTrue();
        assertThat(route.contains(Route.of("c"))).isTrue();
        assertThat(route.contains(Route.of("a", "c"))).isFalse();
        assertThat(route.contains(Route.of("b", "a", "c"))).isFalse();
        assertThat(route.contains(route.append(Address.of("d")))).isFalse();
        assertThat(Route.empty().contains(Route.of("a"))).isFalse();
        assertRefused(() -> route.contains(Route.empty()), WireException.Reason.INVALID_ROUTE);
    }

    @Test
    void sharesItsTail() {
        assertThat(NUMBERS.prepend(Address.of("0")).step()).isSameAs(NUMBERS);
        assertThat(NUMBERS.prepend(LETTERS).step().step().step()).isSameAs(NUMBERS);
    }

    @Test
    void isEqualByItsAddresses() {
        Route same = Route.of(Address.of("1"), Address.of("2"), Address.of("3"));
        Route sharedTail = NUMBERS.step().prepend(Address.of("1"));

        assertThat(NUMBERS)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .doesNotHaveSameHashCodeAs(Route.of("1", "2"))
                .isEqualTo(sharedTail)
                .hasSameHashCodeAs(sharedTail)
                .isNotEqualTo(Route.of("1", "2"))
                .isNotEqualTo(Route.of("1", "3", "2"))
                .isNotEqualTo(NUMBERS.step().prepend(Address.of("x")))
                .isNotEqualTo(List.of())
                .isNotEqualTo(null);
        assertThat(Route.of(List.of())).isSameAs(Route.empty());
    }

    @Test
    void distinguishesRoutesWithTheSameHash() {
        Route one = Route.of("Aa", "x");
        Route other = Route.of("BB", "x");

        assertThat(one).hasSameHashCodeAs(other).isNotEqualTo(other);
    }

    @Test
    void iteratesInOrderAndEnds() {
        Iterator<Address> addresses = Route.of("a").iterator();

        assertThat(addresses.next()).isEqualTo(Address.of("a"));
        assertThat(addresses.hasNext()).isFalse();
        assertThatThrownBy(addresses::next).isInstanceOf(NoSuchElementException.class);
        assertThat(NUMBERS).containsExactlyElementsOf(NUMBERS.toList());
        assertThatThrownBy(() -> NUMBERS.toList().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0#echoer,          818200466563686f6572",
        "0#app,             81820043617070",
        "1#127.0.0.1:4000,  8182014e3132372e302e302e313a34303030",
        "h1 => h2,          828200426831820042 6832"
    })
    void hasTheEncodingOfTheSpecification(String text, String hex) {
        Route route = Route.parse(text);

        assertThat(encode(route)).isEqualTo(hex.replace(" ", ""));
        assertThat(route.encodedSize()).isEqualTo(Hex.bytes(hex).length);
        assertThatDecoded(decode(hex)).is(route);
    }

    @Test
    void isOneByteWhenEmpty() {
        assertThat(encode(Route.empty())).isEqualTo("80");
        assertThat(Route.empty().encodedSize()).isEqualTo(1);
        assertThatDecoded(decode("80")).is(Route.empty());
        assertThatDecoded(decode("9fff")).is(Route.empty());
    }

    @Test
    void readsRoutesUpToTheLargestLengthAndNoLonger() {
        Route longest = repeated(Route.MAX_LENGTH);
        Route tooLong = longest.prepend(Address.of("h"));

        assertThatDecoded(decode(encode(longest))).is(longest);
        assertThatDecoded(decode(encode(tooLong))).failsWith(Reason.TOO_MANY).at(0);
        assertThatDecoded(decode("9f" + encode(longest).substring(6) + "ff")).is(longest);
        assertThatDecoded(decode("9f" + encode(tooLong).substring(6) + "ff")).failsWith(Reason.TOO_MANY);
    }

    @Test
    void readsBareRoutesUpToTheLargestLengthAndNoLonger() {
        Function<Route, Decoded<Route>> throughBare = route ->
                Bare.decode(BareWriter.create(8).route(route).toByteString(), CborLimits.defaults(), BareReader::route);
        Route longest = repeated(Route.MAX_LENGTH);

        assertThatDecoded(throughBare.apply(longest)).is(longest);
        assertThatDecoded(throughBare.apply(longest.prepend(Address.of("h")))).failsWith(Reason.TOO_MANY);
    }

    @Test
    void refusesInputThatIsNotARoute() {
        assertThatDecoded(decode("f6")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("40")).failsWith(Reason.UNEXPECTED_TYPE);
        assertThatDecoded(decode("81f6")).failsWith(Reason.UNEXPECTED_TYPE).at(1);
        assertThatDecoded(decode("9b4000000000000000")).failsWith(Reason.TOO_MANY);
    }

    @Test
    void doesEverythingWithAHundredThousandAddresses() {
        int size = 100_000;
        Route route = repeated(size);
        Route same = Route.of(route.toList());
        Address other = Address.of("x");

        assertThat(route.size()).isEqualTo(size);
        assertThat(same.equals(route)).isTrue();
        assertThat(same.hashCode()).isEqualTo(route.hashCode());
        assertThat(same.append(other).equals(route.append(other))).isTrue();
        assertThat(route.append(other).equals(route.append(Address.of("y")))).isFalse();
        assertThat(route.prepend(same).size()).isEqualTo(2 * size);
        assertThat(route.append(same).recipient()).isEqualTo(Address.of("h"));
        assertThat(route.replaceNext(other).step()).isSameAs(route.step());
        assertThat(route.append(other).contains(Route.of("h", "x"))).isTrue();
        assertThat(route.contains(same)).isTrue();
        assertThat(route.toString()).hasSize("0#h".length() * size + " => ".length() * (size - 1));
        assertThat(Route.parse(route.toString()).equals(route)).isTrue();
        assertThat(encode(route)).hasSize(2 * route.encodedSize());
        assertThatDecoded(decode(encode(route))).failsWith(Reason.TOO_MANY);

        Route rest = route;
        while (!rest.isEmpty()) {
            rest = rest.step();
        }
        assertThat(rest).isSameAs(Route.empty());
    }

    private static Route repeated(int size) {
        Route route = Route.empty();
        for (int i = 0; i < size; i++) {
            route = route.prepend(Address.of("h"));
        }
        return route;
    }
}
