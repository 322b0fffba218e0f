// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityRepository.Retention;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.Member;
import ockam.identity.Members;
import ockam.identity.Redemption;
import ockam.identity.Timestamp;
import ockam.identity.Token;
import ockam.identity.UnitOfWork;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.sqlite.SQLiteConnection;

/** A process that looks whether everything is whole, then writes until it is killed, and says what it has done. It stops at nothing else. */
final class KilledNode {
    private static final long USES = 3;
    private static final int MOST_CHANGES = 1 + Identities.MAX_ROTATIONS;
    private static final String CODE = "code";
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final Random random;
    private final JdbcStore store;
    private final Identity identity;
    private final Identifier authority;

    private int token;

    private KilledNode(JdbcStore store, long seed) {
        this.random = new Random(seed);
        this.store = store;
        this.identity = get(store.identity("node", Clock.systemUTC()));
        this.authority = identity.identifier();
    }

    public static void main(String[] arguments) {
        System.out.println("opening");
        JdbcStore store = get(JdbcStore.open(JdbcStoreSettings.sqlite(Path.of(arguments[0]), KEY), Runnable::run));
        haltAt(store, Integer.parseInt(arguments[3]));
        KilledNode node = new KilledNode(store, Long.parseLong(arguments[1]));
        System.out.println("identifier " + node.authority);
        node.requireWhole(arguments[2].equals("-") ? List.of() : List.of(arguments[2].split(",", -1)));
        for (; ; ) {
            System.out.println(node.step());
        }
    }

    /** In the middle of this write, counted by rows, it says so, and waits to be killed. */
    private static void haltAt(JdbcStore store, int write) {
        AtomicInteger left = new AtomicInteger(write);
        get(store.run(unit -> {
            SQLiteConnection connection =
                    (SQLiteConnection) ((JdbcUnit) unit).sql().connection();
            connection.addUpdateListener((type, database, table, row) -> {
                if (left.decrementAndGet() == 0) {
                    System.out.println("halted " + table);
                    LockSupport.park();
                }
            });
            return true;
        }));
    }

    private void requireWhole(List<String> told) {
        get(identity.identities().secureChannelKey(identity));
        get(identity.identities().credentialKey(identity));
        Map<String, Long> uses = new HashMap<>();
        List<Member> members = members();
        members.forEach(member -> uses.merge(member.attributes().text(CODE).orElseThrow(), 1L, Long::sum));
        uses.forEach((number, used) -> {
            long left = get(store.run(unit -> unit.tokens().find(authority, code(Integer.parseInt(number)), MOMENT)))
                    .map(Token::uses)
                    .orElse(0L);
            assertThat(left + used).as("uses of token %s", number).isEqualTo(USES);
        });
        token = uses.keySet().stream().mapToInt(Integer::parseInt).max().orElse(0);
        assertThat(members.stream().map(member -> member.identifier().toString()))
                .containsAll(told);
        if (get(store.credentials().find(authority, authority, Instant.now())).isPresent()) {
            System.out.println("kept");
        }
        System.out.println("whole " + changes(identity));
    }

    private static int changes(Identity identity) {
        return ChangeHistory.decode(identity.export()).orElseThrow().changes().size();
    }

    private List<Member> members() {
        List<Member> all = new ArrayList<>(get(store.run(unit -> unit.members().list(authority, Members.MAX_LISTED))));
        for (int size = 0; size < all.size(); ) {
            size = all.size();
            Identifier last = all.get(size - 1).identifier();
            all.addAll(get(store.run(unit -> unit.members().listAfter(authority, last, Members.MAX_LISTED))));
        }
        return all;
    }

    private String step() {
        return switch (random.nextInt(8)) {
            case 0 -> {
                if (changes(get(store.identity("node", Clock.systemUTC()))) >= MOST_CHANGES) {
                    yield "refused";
                }
                yield "rotated " + changes(get(identity.identities().rotate(identity)));
            }
            case 1 -> {
                get(identity.identities().secureChannelKey(identity));
                yield "key";
            }
            case 2 -> {
                var options = CredentialOptions.of(authority, Attributes.none(), VALIDITY);
                get(store.credentials().keep(get(identity.identities().issueCredential(identity, options))));
                yield "credential";
            }
            case 3 -> {
                get(store.identities().update(peer(), Retention.EVICTABLE));
                yield "peer";
            }
            default -> redeem();
        };
    }

    private String redeem() {
        Identifier subject = identifier(random.nextInt(Integer.MAX_VALUE));
        int number = token;
        if (get(store.run(unit -> unit.redeem(authority, subject, code(number), MOMENT))) == Redemption.MEMBER_NOW) {
            return "member " + subject;
        }
        token++; // it was used up
        get(store.run(unit -> addOnce(unit, number + 1)));
        return "token " + token;
    }

    private boolean addOnce(UnitOfWork unit, int number) {
        boolean isNew = unit.tokens().find(authority, code(number), MOMENT).isEmpty();
        if (isNew) {
            unit.tokens()
                    .add(new Token(
                            authority,
                            code(number).hash(),
                            "",
                            authority,
                            MOMENT,
                            new Timestamp(Long.MAX_VALUE),
                            USES,
                            Attributes.ofTexts(Map.of(CODE, Integer.toString(number)))));
        }
        return isNew;
    }

    private static ChangeHistory peer() {
        Identities others = Identities.create(
                SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), Clock.systemUTC());
        return get(others.create().thenCompose(made -> others.history(made.identifier())))
                .orElseThrow();
    }
}
