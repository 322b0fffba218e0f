// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.ELSEWHERE;
import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import ockam.identity.AttestedAttributes;
import ockam.identity.ChangeHash;
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
    private static final String NUMBER = "number";
    private static final Identifier PEER = identifier(1);
    private static final int PRE_TRUSTED = 3;
    private static final int FIRST_PRE_TRUSTED = 10_000;
    private static final byte FORMER_KEY = 1;
    private static final byte NEXT_KEY = 2;
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final Random random;
    private final Path file;
    private final AtomicInteger writesLeft;

    private final Identifier authority;

    private JdbcStore store;
    private Identity identity;
    private byte sealedWith = NEXT_KEY;
    private int token;
    private int statement;
    private int moved;
    private int trusted;

    private KilledNode(Path file, long seed, int write) {
        this.random = new Random(seed);
        this.file = file;
        this.writesLeft = new AtomicInteger(write);
        this.store = get(JdbcStore.open(settings(NEXT_KEY, FORMER_KEY), Runnable::run));
        haltAtTheWrite();
        this.identity = get(store.identity("node", Clock.systemUTC()));
        this.authority = identity.identifier();
    }

    public static void main(String[] arguments) {
        System.out.println("opening");
        KilledNode node =
                new KilledNode(Path.of(arguments[0]), Long.parseLong(arguments[1]), Integer.parseInt(arguments[3]));
        System.out.println("identifier " + node.authority);
        node.requireWhole(arguments[2].equals("-") ? List.of() : List.of(arguments[2].split(",", -1)));
        for (; ; ) {
            System.out.println(node.step());
        }
    }

    private JdbcStoreSettings settings(byte key, byte former) {
        return JdbcStoreSettings.sqlite(file, key(key)).withFormerKey(key(former));
    }

    private static SealingKey key(byte first) {
        return SealingKey.from(() -> bytes(first));
    }

    private static byte[] bytes(byte first) {
        return Arrays.copyOf(new byte[] {first}, SealingKey.LENGTH);
    }

    private static Sealer sealer(byte key) {
        Sealer sealer = new Sealer();
        sealer.use(bytes(key));
        return sealer;
    }

    private static Sql sql(UnitOfWork unit) {
        return ((JdbcUnit) unit).sql();
    }

    /** In the middle of a write, counted by rows, it says so, and waits to be killed. */
    private void haltAtTheWrite() {
        get(store.run(unit -> {
            SQLiteConnection connection = (SQLiteConnection) sql(unit).connection();
            connection.addUpdateListener((type, database, table, row) -> {
                if (writesLeft.decrementAndGet() == 0) {
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
        get(store.run(unit -> {
            KeyTable.all(sql(unit)).forEach(key -> key.opened(sealer(sealedWith)));
            return true;
        }));
        Map<String, Long> uses = new HashMap<>();
        List<Member> members = members(authority);
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
        statement = get(store.attributes().find(PEER, HERE, Instant.now()))
                .map(said -> number(said.attributes()))
                .orElse(0);
        requireWholeElsewhere();
        System.out.println("whole rotated=" + changes(identity) + " statement=" + statement + " moved=" + moved
                + " trusted=" + trusted);
    }

    /** There is one ordinary member, and as many pre-trusted ones as were made together. */
    private void requireWholeElsewhere() {
        List<Member> members = members(ELSEWHERE);
        List<Integer> ordinary = numbers(members, false);
        List<Integer> preTrusted = numbers(members, true);
        moved = ordinary.isEmpty() ? 0 : ordinary.get(0);
        trusted = preTrusted.isEmpty() ? 0 : preTrusted.get(0);
        assertThat(ordinary).as("the member that moves").hasSize(moved == 0 ? 0 : 1);
        assertThat(preTrusted).hasSize(trusted == 0 ? 0 : PRE_TRUSTED).allMatch(number -> number == trusted);
        int counted = get(store.run(unit -> unit.members().count(ELSEWHERE)));
        assertThat(counted).as("members that are counted").isEqualTo(members.size());
    }

    private static List<Integer> numbers(List<Member> members, boolean preTrusted) {
        return members.stream()
                .filter(member -> member.preTrusted() == preTrusted)
                .map(member -> number(member.attributes()))
                .toList();
    }

    private static int number(Attributes attributes) {
        return Integer.parseInt(attributes.text(NUMBER).orElseThrow());
    }

    private static Attributes numbered(int number) {
        return Attributes.ofTexts(Map.of(NUMBER, Integer.toString(number)));
    }

    private static int changes(Identity identity) {
        return ChangeHistory.decode(identity.export()).orElseThrow().changes().size();
    }

    private List<Member> members(Identifier of) {
        List<Member> all = new ArrayList<>(get(store.run(unit -> unit.members().list(of, Members.MAX_LISTED))));
        for (int size = 0; size < all.size(); ) {
            size = all.size();
            Identifier last = all.get(size - 1).identifier();
            all.addAll(get(store.run(unit -> unit.members().listAfter(of, last, Members.MAX_LISTED))));
        }
        return all;
    }

    private String step() {
        return switch (random.nextInt(12)) {
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
            case 4 -> {
                statement++;
                get(store.attributes().store(said(statement)));
                yield "statement " + statement;
            }
            case 5 -> move();
            case 6 -> {
                trusted++;
                List<Member> next = preTrusted(trusted);
                get(store.run(unit -> {
                    unit.members().replacePreTrusted(ELSEWHERE, next);
                    return true;
                }));
                yield "trusted " + trusted;
            }
            case 7 -> sealAgain();
            default -> redeem();
        };
    }

    private static AttestedAttributes said(int number) {
        return new AttestedAttributes(
                PEER,
                HERE,
                new ChangeHash(ByteString.fromArray(new byte[ChangeHash.LENGTH])),
                1,
                numbered(number),
                new Timestamp(MOMENT.seconds() + number),
                new Timestamp(Long.MAX_VALUE));
    }

    /** A member is removed, and another one is there instead. */
    private String move() {
        Identifier before = identifier(moved);
        moved++;
        Member next = new Member(ELSEWHERE, identifier(moved), numbered(moved), HERE, MOMENT, false);
        get(store.run(unit -> {
            unit.members().remove(ELSEWHERE, before);
            unit.members().put(next);
            return true;
        }));
        return "moved " + moved;
    }

    /** Each time others, so that all that were there before are removed. */
    private static List<Member> preTrusted(int number) {
        return IntStream.range(0, PRE_TRUSTED)
                .mapToObj(i -> identifier(FIRST_PRE_TRUSTED + number * PRE_TRUSTED + i))
                .map(each -> new Member(ELSEWHERE, each, numbered(number), HERE, MOMENT, true))
                .toList();
    }

    /** As opening a store with a former key does, but where it can be killed at each write; then it is opened so. */
    private String sealAgain() {
        byte former = sealedWith;
        byte next = former == NEXT_KEY ? FORMER_KEY : NEXT_KEY;
        boolean done = get(store.run(unit ->
                SealingChange.make(sql(unit), new Locks(sql(unit), Dialect.SQLITE), sealer(former), sealer(next))));
        assertThat(done).isTrue();
        get(store.close());
        store = get(JdbcStore.open(settings(next, former).withoutMigration(), Runnable::run));
        haltAtTheWrite();
        identity = get(store.identity("node", Clock.systemUTC()));
        sealedWith = next;
        return "sealed";
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
