// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import ockam.routing.FlowControlId;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class FlowControlsProperties {
    private static final int ADDRESSES = 5;
    private static final int IDS = 4;

    private enum Kind {
        CONSUMER,
        PRODUCER,
        PRODUCER_OF_SPAWNER,
        SPAWNER,
        REMOVE
    }

    private record Step(Kind kind, Address address, FlowControlId id, FlowControlId other) {}

    /** The rules of routing, section 6.3, written down as simply as possible. */
    private static final class Model {
        private record Pair(FlowControlId id, @Nullable FlowControlId spawner) {}

        final Map<FlowControlId, Set<Address>> consumers = new HashMap<>();
        final Map<Address, Pair> producers = new HashMap<>();
        final Map<Address, FlowControlId> spawners = new HashMap<>();

        void apply(Step step) {
            switch (step.kind()) {
                case CONSUMER ->
                    consumers
                            .computeIfAbsent(step.id(), unused -> new HashSet<>())
                            .add(step.address());
                case PRODUCER -> replace(() -> producers.put(step.address(), new Pair(step.id(), null)));
                case PRODUCER_OF_SPAWNER ->
                    replace(() -> producers.put(step.address(), new Pair(step.id(), step.other())));
                case SPAWNER -> replace(() -> spawners.put(step.address(), step.id()));
                case REMOVE ->
                    replace(() -> {
                        producers.remove(step.address());
                        spawners.remove(step.address());
                        consumers.values().forEach(addresses -> addresses.remove(step.address()));
                    });
            }
        }

        /** Ids that are no longer in use lose their consumers. */
        private void replace(Runnable change) {
            Set<FlowControlId> before = used();
            change.run();
            before.removeAll(used());
            consumers.keySet().removeAll(before);
        }

        private Set<FlowControlId> used() {
            Set<FlowControlId> used = new HashSet<>(spawners.values());
            for (Pair pair : producers.values()) {
                used.add(pair.id());
                if (pair.spawner() != null) {
                    used.add(pair.spawner());
                }
            }
            return used;
        }

        boolean consumes(Address address, FlowControlId id) {
            return consumers.getOrDefault(id, Set.of()).contains(address);
        }
    }

    private static final List<FlowControlId> ALL_IDS =
            IntStream.range(0, IDS).mapToObj(i -> new FlowControlId("id" + i)).toList();

    private static Address address(int number) {
        return Address.of("address" + number);
    }

    private static Address aliasOf(Address producer) {
        return Address.of("alias of " + producer);
    }

    private static Gen<Step> steps() {
        return integers()
                .between(0, Kind.values().length * ADDRESSES * IDS * IDS - 1)
                .map(number -> {
                    int rest = number;
                    Kind kind = Kind.values()[rest % Kind.values().length];
                    rest /= Kind.values().length;
                    Address address = address(rest % ADDRESSES);
                    rest /= ADDRESSES;
                    return new Step(kind, address, ALL_IDS.get(rest % IDS), ALL_IDS.get(rest / IDS));
                });
    }

    private static void apply(FlowControls flowControls, Step step) {
        switch (step.kind()) {
            case CONSUMER -> flowControls.addConsumer(step.address(), step.id());
            case PRODUCER ->
                flowControls.addProducer(step.address(), step.id(), null, List.of(aliasOf(step.address())));
            case PRODUCER_OF_SPAWNER ->
                flowControls.addProducer(step.address(), step.id(), step.other(), List.of(aliasOf(step.address())));
            case SPAWNER -> flowControls.addSpawner(step.address(), step.id());
            case REMOVE -> flowControls.remove(step.address());
        }
    }

    private static boolean allows(FlowControls flowControls, FlowControlId id, Address source, Address next) {
        return flowControls
                .outgoing(id, null)
                .allows(source, next, LocalMessage.of(Route.of(next), Route.empty(), ByteString.emptyByteString()));
    }

    @Test
    void behavesAsTheRulesSayAndForgetsEverything() {
        qt().withExamples(400).forAll(lists().of(steps()).ofSizeBetween(0, 60)).checkAssert(all -> {
            FlowControls flowControls = new FlowControls("node", 5, unused -> false);
            Model model = new Model();
            for (Step step : all) {
                apply(flowControls, step);
                model.apply(step);
                for (int i = 0; i < ADDRESSES; i++) {
                    Address address = address(i);
                    List<FlowControlId> expected = new ArrayList<>(ALL_IDS);
                    expected.removeIf(id -> !model.consumes(address, id));
                    assertThat(flowControls.consumedBy(address)).containsExactlyInAnyOrderElementsOf(expected);
                    for (FlowControlId id : ALL_IDS) {
                        assertThat(allows(flowControls, id, address(0), address))
                                .isEqualTo(model.consumes(address, id));
                    }
                    Model.Pair producer = model.producers.get(address);
                    assertThat(flowControls.producerBehind(aliasOf(address)).orElse(null))
                            .isEqualTo(producer == null ? null : producer.id());
                }
            }
            for (int i = 0; i < ADDRESSES; i++) {
                flowControls.remove(address(i));
            }
            assertThat(flowControls.isEmpty()).isTrue();
        });
    }
}
