// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.Samples.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** A route behaves like a list of addresses that is copied by every operation. */
class RouteProperties {

    /** Only a few different addresses, so that sequences repeat and some routes are equal. */
    private static Gen<List<Address>> addresses() {
        return lists().of(integers().between(0, 2).map(i -> Address.of(i, "a"))).ofSizeBetween(0, 6);
    }

    private static List<Address> joined(List<Address> front, List<Address> back) {
        List<Address> all = new ArrayList<>(front);
        all.addAll(back);
        return all;
    }

    private static void assertSame(Route route, List<Address> model) {
        assertThat(route.toList()).isEqualTo(model);
        assertThat(route).containsExactlyElementsOf(model);
        assertThat(route.size()).isEqualTo(model.size());
        assertThat(route.isEmpty()).isEqualTo(model.isEmpty());
        assertThat(route).isEqualTo(Route.of(model)).hasSameHashCodeAs(Route.of(model));
        assertThat(route).hasToString(model.stream().map(Address::toString).collect(Collectors.joining(" => ")));
        if (!model.isEmpty()) {
            assertThat(route.next()).isEqualTo(model.get(0));
            assertThat(route.recipient()).isEqualTo(model.get(model.size() - 1));
        }
    }

    @Test
    void joinsLikeLists() {
        properties().forAll(addresses(), addresses()).checkAssert((a, b) -> {
            assertSame(Route.of(a).append(Route.of(b)), joined(a, b));
            assertSame(Route.of(a).prepend(Route.of(b)), joined(b, a));
        });
    }

    @Test
    void isEqualWhenTheListsAre() {
        properties()
                .forAll(addresses(), addresses())
                .checkAssert(
                        (a, b) -> assertThat(Route.of(a).equals(Route.of(b))).isEqualTo(a.equals(b)));
    }

    @Test
    void containsWhatTheListContains() {
        properties()
                .forAll(addresses(), addresses().assuming(sub -> !sub.isEmpty()))
                .checkAssert((a, sub) -> assertThat(Route.of(a).contains(Route.of(sub)))
                        .isEqualTo(Collections.indexOfSubList(a, sub) >= 0));
    }

    @Test
    void staysLikeAListThroughManyOperations() {
        properties().withExamples(200).forAll(integers().all()).checkAssert(seed -> {
            Random random = new Random(seed);
            Route route = Route.empty();
            List<Address> model = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Address address = Address.of(random.nextInt(3), "a");
                Route before = route;
                List<Address> modelBefore = List.copyOf(model);
                switch (random.nextInt(7)) {
                    case 0 -> {
                        route = route.append(address);
                        model.add(address);
                    }
                    case 1 -> {
                        route = route.replaceNext(address);
                        model = joined(List.of(address), model.isEmpty() ? model : model.subList(1, model.size()));
                    }
                    case 2 -> {
                        route = route.isEmpty() ? route : route.step();
                        model = model.isEmpty() ? model : new ArrayList<>(model.subList(1, model.size()));
                    }
                    case 3 -> {
                        Route other = Route.of(address).append(address);
                        route = route.prepend(other);
                        model = joined(other.toList(), model);
                    }
                    case 4 -> {
                        Route other = Route.of(address).append(address);
                        route = route.append(other);
                        model = joined(model, other.toList());
                    }
                    default -> {
                        route = route.prepend(address);
                        model.add(0, address);
                    }
                }
                assertSame(route, model);
                assertSame(before, modelBefore); // the old route is unchanged
            }
        });
    }

    @Test
    void survivesEncodingInExactlyItsSize() {
        properties().forAll(Samples.routes()).checkAssert(route -> {
            byte[] frame = new byte[route.encodedSize()];
            CborWriter writer = CborWriter.into(frame, 0);
            route.writeTo(writer);

            assertThat(writer.position()).isEqualTo(frame.length);
            assertThat(Cbor.decode(frame, CborLimits.defaults(), Route::readFrom))
                    .isEqualTo(new Decoded.Value<>(route));
        });
    }

    @Test
    void survivesBare() {
        properties()
                .forAll(Samples.routes())
                .checkAssert(route -> assertThat(Bare.decode(
                                BareWriter.create(0).route(route).toByteString(),
                                CborLimits.defaults(),
                                BareReader::route))
                        .isEqualTo(new Decoded.Value<>(route)));
    }
}
