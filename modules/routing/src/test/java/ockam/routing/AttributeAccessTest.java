// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ockam.fixtures.MutableClock;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

/** Access by what authorities say about a peer, while it counts (authority, section 8.4). */
class AttributeAccessTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Address FRIEND = Address.of("friend");
    private static final Address WORKER = Address.of("worker");
    private static final Identifier ALICE = identifier('a');
    private static final Identifier AUTHORITY = identifier('c');
    private static final Identifier OTHER_AUTHORITY = identifier('d');
    private static final Rule MEMBERS = Rule.parse("role=member");
    private static final Instant END = Instant.parse("2030-01-01T00:00:10Z");

    private final MutableClock clock = new MutableClock(END.minusSeconds(10));
    private final AccessControl members = AccessControl.attributes(AUTHORITY, MEMBERS, clock);

    private static Identifier identifier(char digit) {
        return Identifier.parse("I" + String.valueOf(digit).repeat(64));
    }

    private static PeerAttributes says(Identifier authority, String name, String value) {
        return new PeerAttributes(authority, Attributes.ofTexts(Map.of(name, value)), END);
    }

    private static LocalMessage from(PeerAttributes... attributes) {
        return message().withLocalInfo(List.of(new Peer(ALICE, List.of(attributes))));
    }

    private static LocalMessage message() {
        return LocalMessage.of(Route.of(WORKER), Route.of(FRIEND), ByteString.emptyByteString());
    }

    private static boolean allows(AccessControl control, LocalMessage message) {
        boolean allowed = control.allows(FRIEND, WORKER, message);
        assertThat(control.denial(FRIEND, WORKER, message).startsWith("; ")).isEqualTo(!allowed);
        return allowed;
    }

    private static String denial(AccessControl control, LocalMessage message) {
        assertThat(control.allows(FRIEND, WORKER, message)).isFalse();
        return control.denial(FRIEND, WORKER, message);
    }

    @Test
    void asksForTheAttribute() { // authority, section 10, item 33
        assertThat(denial(members, message())).isEqualTo("; it did not come through a secure channel");
        assertThat(denial(members, from()))
                .isEqualTo("; no authority that counts says anything of " + ALICE + ", and subject.role is missing");
        assertThat(denial(members, from(says(AUTHORITY, "role", "guest"))))
                .isEqualTo("; by what " + AUTHORITY + " says of " + ALICE + ", it does not hold");
        assertThat(denial(members, from(says(AUTHORITY, "name", "Alice"))))
                .isEqualTo("; by what " + AUTHORITY + " says of " + ALICE + ", subject.role is missing");
        assertThat(members.allows(FRIEND, WORKER, from(says(AUTHORITY, "role", "member"))))
                .isTrue();
    }

    @Test
    void endsToTheSecond() { // authority, section 10, item 37
        LocalMessage message = from(says(AUTHORITY, "role", "member"));

        clock.goesOn(Duration.ofSeconds(10).minusNanos(1));
        assertThat(members.allows(FRIEND, WORKER, message)).isTrue();
        clock.goesOn(Duration.ofNanos(1));
        assertThat(denial(members, message))
                .isEqualTo("; what " + AUTHORITY + " said of " + ALICE + " ended at 2030-01-01T00:00:10Z");
    }

    @Test
    void endsToTheSecondWhicheverAuthorityCounts() {
        AccessControl any = AccessControl.attributes(MEMBERS, clock);
        LocalMessage message = from(says(OTHER_AUTHORITY, "role", "member"));

        clock.goesOn(Duration.ofSeconds(10).minusNanos(1));
        assertThat(allows(any, message)).isTrue();
        clock.goesOn(Duration.ofNanos(1));
        assertThat(denial(any, message))
                .isEqualTo("; what " + OTHER_AUTHORITY + " said of " + ALICE + " ended at 2030-01-01T00:00:10Z");
    }

    @Test
    void doesNotCountWhatOtherAuthoritiesSay() {
        LocalMessage message = from(says(OTHER_AUTHORITY, "role", "member"));

        assertThat(denial(members, message))
                .isEqualTo("; no authority that counts says anything of " + ALICE + ", and subject.role is missing");
        assertThat(allows(members, from(says(OTHER_AUTHORITY, "role", "guest"), says(AUTHORITY, "role", "member"))))
                .isTrue();
    }

    @Test
    void countsAnyAuthorityIfNoneIsNamedButMixesNoTwo() {
        AccessControl any = AccessControl.attributes(Rule.parse("role=member and team=blue"));
        PeerAttributes role = new PeerAttributes(AUTHORITY, Attributes.ofTexts(Map.of("role", "member")), Instant.MAX);
        PeerAttributes team =
                new PeerAttributes(OTHER_AUTHORITY, Attributes.ofTexts(Map.of("team", "blue")), Instant.MAX);
        PeerAttributes both = new PeerAttributes(
                OTHER_AUTHORITY, Attributes.ofTexts(Map.of("team", "blue", "role", "member")), Instant.MAX);
        PeerAttributes ended = new PeerAttributes(OTHER_AUTHORITY, both.attributes(), Instant.EPOCH);

        assertThat(allows(any, from(role, team))).isFalse();
        assertThat(allows(any, from(role, both))).isTrue();
        assertThat(allows(any, from(role, ended))).isFalse();
        assertThat(allows(any, from(ended))).isFalse();
    }

    @Test
    void knowsWhetherThereIsACredential() { // authority, section 10, items 40 and 42
        AccessControl credential = AccessControl.attributes(AUTHORITY, Rule.hasCredential(), clock);
        AccessControl none =
                AccessControl.attributes(AUTHORITY, Rule.hasCredential().not(), clock);

        assertThat(allows(credential, from(says(AUTHORITY, "any", "thing")))).isTrue();
        assertThat(allows(credential, from())).isFalse();
        assertThat(allows(none, from())).isTrue();
        assertThat(allows(AccessControl.attributes(Rule.hasCredential().not()), from()))
                .isFalse();
    }

    @Test
    void knowsTheIdentifierWithoutAnyAuthority() { // authority, section 10, item 42
        assertThat(allows(AccessControl.attributes(Rule.identifier(ALICE)), from()))
                .isTrue();
        assertThat(allows(AccessControl.attributes(AUTHORITY, Rule.identifier(ALICE)), from()))
                .isTrue();
        assertThat(allows(AccessControl.attributes(AUTHORITY, Rule.identifier(AUTHORITY)), from()))
                .isFalse();
    }

    /** Whatever the route, the message goes to Alice. */
    private static Onward to(PeerAttributes... attributes) {
        return route -> Optional.of(new Peer(ALICE, List.of(attributes)));
    }

    private static boolean allowsOut(AccessControl control, LocalMessage message, Onward onward) {
        boolean allowed = control.allowsOut(WORKER, FRIEND, message, onward);
        assertThat(control.denialOut(WORKER, FRIEND, message, onward).startsWith("; "))
                .isEqualTo(!allowed);
        return allowed;
    }

    @Test
    void asAnOutgoingControlAsksAboutWhomTheMessageGoesTo() { // authority, section 10, item 41
        PeerAttributes member = says(AUTHORITY, "role", "member");

        assertThat(allowsOut(members, message(), to(member))).isTrue();
        assertThat(allowsOut(members, from(member), to())).isFalse();
        assertThat(allowsOut(members, from(member), route -> Optional.empty())).isFalse();
        assertThat(members.denialOut(WORKER, FRIEND, from(member), to(says(AUTHORITY, "name", "Alice"))))
                .isEqualTo("; by what " + AUTHORITY + " says of " + ALICE + ", subject.role is missing");
        assertThat(members.denialOut(WORKER, FRIEND, from(member), route -> Optional.empty()))
                .isEqualTo("; it does not leave this node through a secure channel");

        clock.goesOn(Duration.ofSeconds(10));
        assertThat(members.denialOut(WORKER, FRIEND, message(), to(member)))
                .isEqualTo("; what " + AUTHORITY + " said of " + ALICE + " ended at 2030-01-01T00:00:10Z");
    }

    @Test
    void asksAboutTheRouteOfTheMessage() {
        Onward onward = route -> route.equals(Route.of(WORKER))
                ? Optional.of(new Peer(ALICE, List.of(says(AUTHORITY, "role", "member"))))
                : Optional.empty();

        assertThat(allowsOut(members, message(), onward)).isTrue();
    }

    @Test
    void combinationsOfOutgoingControlsAskAboutWhomTheMessageGoesToAsWell() {
        PeerAttributes member = says(AUTHORITY, "role", "member");
        AccessControl allow = AccessControl.allowAll();
        AccessControl deny = AccessControl.denyAll();

        assertThat(allowsOut(AccessControl.all(allow, members), message(), to(member)))
                .isTrue();
        assertThat(allowsOut(AccessControl.all(allow, members), from(member), to()))
                .isFalse();
        assertThat(allowsOut(AccessControl.any(deny, members), message(), to(member)))
                .isTrue();
        assertThat(allowsOut(AccessControl.any(deny, members), from(member), to()))
                .isFalse();
        assertThat(AccessControl.all(deny, members).denialOut(WORKER, FRIEND, message(), to()))
                .isEmpty();
    }

    @Test
    void otherControlsAreTheSameBothWays() {
        LocalMessage message = from();

        assertThat(AccessControl.peer(ALICE).allowsOut(WORKER, FRIEND, message, route -> Optional.empty()))
                .isTrue();
        assertThat(AccessControl.peer(ALICE).allowsOut(WORKER, FRIEND, message(), to()))
                .isFalse();
        assertThat(AccessControl.denyAll().allowsOut(WORKER, FRIEND, message, to()))
                .isFalse();
    }

    @Test
    void combinationsSayWhyTheyDeny() {
        LocalMessage message = from(says(AUTHORITY, "role", "guest"));
        String why = denial(members, message);
        AccessControl allow = AccessControl.allowAll();
        AccessControl deny = AccessControl.denyAll();

        assertThat(denial(AccessControl.all(allow, members, deny), message)).isEqualTo(why);
        assertThat(denial(AccessControl.all(deny, members), message)).isEmpty();
        assertThat(denial(AccessControl.any(deny, members, members), message)).isEqualTo(why + why);
        assertThat(AccessControl.all(allow).denial(FRIEND, WORKER, message)).isEmpty();
        assertThat(allow.denial(FRIEND, WORKER, message)).isEmpty();
    }

    /** Also before it is compiled, so nothing has to be optimised away. */
    @Test
    void askingAllocatesNothing() {
        Rule rule = Rule.parse("(and (= subject.role \"member\") (or (member? subject.role [\"guest\" \"member\"])"
                + " (exists? subject.admin)) (not (exists? subject.suspended)))");
        AccessControl control = AccessControl.all(
                AccessControl.any(AccessControl.peer(OTHER_AUTHORITY), AccessControl.anyPeer()),
                AccessControl.attributes(AUTHORITY, rule, Clock.systemUTC()));
        LocalMessage message = from(says(OTHER_AUTHORITY, "role", "guest"), says(AUTHORITY, "role", "member"));
        int times = 1_000;
        ask(control, message, times); // for what is made once

        long before = THREADS.getCurrentThreadAllocatedBytes();
        ask(control, message, times);

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(times);
    }

    private static void ask(AccessControl control, LocalMessage message, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += control.allows(FRIEND, WORKER, message) ? 1 : 0;
        }
        if (allowed != times) { // an assertion would allocate
            throw new AssertionError("not allowed");
        }
    }
}
