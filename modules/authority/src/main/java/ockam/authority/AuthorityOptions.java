// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import ockam.channel.SecureChannelListenerOptions;
import ockam.wire.Address;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/** Options of an authority. Immutable; each {@code withX} returns a copy. */
public final class AuthorityOptions {
    private final Values values;

    /** What the options say. Changed only in a copy that nobody else has yet. */
    private static final class Values {
        private final String project;
        private PreTrusted preTrusted = PreTrusted.none();
        private Address listener = Address.of("api");
        private UnaryOperator<SecureChannelListenerOptions> listening = UnaryOperator.identity();
        private @Nullable Address directAuthenticator = AuthorityNode.DIRECT_AUTHENTICATOR;
        private boolean hasTokens = true;
        private boolean hasEcho = true;
        private boolean hasTrustContext = true;
        private @Nullable Identifier account;
        private boolean enforceAdminChecks;
        private @Nullable Duration validity;

        private Values(String project) {
            this.project = project;
        }

        private Values(Values from) {
            project = from.project;
            preTrusted = from.preTrusted;
            listener = from.listener;
            listening = from.listening;
            directAuthenticator = from.directAuthenticator;
            hasTokens = from.hasTokens;
            hasEcho = from.hasEcho;
            hasTrustContext = from.hasTrustContext;
            account = from.account;
            enforceAdminChecks = from.enforceAdminChecks;
            validity = from.validity;
        }
    }

    private AuthorityOptions(Values values) {
        this.values = values;
    }

    private AuthorityOptions with(Consumer<Values> change) {
        Values copy = new Values(values);
        change.accept(copy);
        return new AuthorityOptions(copy);
    }

    /**
     * Options with all services, at the addresses that peers expect, and a channel listener at {@code api}. Nobody is a member yet: see
     * {@link #withPreTrusted}.
     *
     * @param project the id of the project whose members these are; every credential has it as {@code trust_context_id}
     */
    public static AuthorityOptions forProject(String project) {
        Objects.requireNonNull(project, "project");
        return new AuthorityOptions(new Values(project));
    }

    /** Members that the authority has from its start, whatever its store says; those of an earlier start are gone (authority, section 2.2). */
    public AuthorityOptions withPreTrusted(PreTrusted members) {
        Objects.requireNonNull(members, "members");
        return with(copy -> copy.preTrusted = members);
    }

    /** Where the channel listener lives. */
    public AuthorityOptions withListenerAddress(Address address) {
        Objects.requireNonNull(address, "address");
        return with(copy -> copy.listener = address);
    }

    /**
     * What should differ in the options of the channel listener, such as {@code options -> options.withOpenTo(tcpListener)}. As it is given to
     * the function, the listener takes channels of everyone, since whoever has a code may come.
     */
    public AuthorityOptions withListener(UnaryOperator<SecureChannelListenerOptions> change) {
        Objects.requireNonNull(change, "change");
        return with(copy -> copy.listening = change);
    }

    /** Where members are added and removed, instead of {@code direct_authenticator}. */
    public AuthorityOptions withDirectAuthenticator(Address address) {
        Objects.requireNonNull(address, "address");
        return with(copy -> copy.directAuthenticator = address);
    }

    /** Members are neither added nor removed by enrollers. */
    public AuthorityOptions withoutDirectAuthenticator() {
        return with(copy -> copy.directAuthenticator = null);
    }

    /** There are no tokens. */
    public AuthorityOptions withoutTokens() {
        return with(copy -> copy.hasTokens = false);
    }

    /**
     * Nothing lives at {@code echo}: for a node with a worker of its own there. Open that one to {@link AuthorityNode#listener}, since peers
     * that {@linkplain ockam.channel.SecureChannel#watchPeer watch} their channel expect an answer.
     */
    public AuthorityOptions withoutEcho() {
        return with(copy -> copy.hasEcho = false);
    }

    /** Credentials have no {@code trust_context_id}. */
    public AuthorityOptions withoutTrustContext() {
        return with(copy -> copy.hasTrustContext = false);
    }

    /**
     * Another authority, whose credentials make admins: those in which {@code project} is this project (authority, section 2.3). Its history
     * must have been {@linkplain ockam.identity.Identities#importHistory imported}.
     */
    public AuthorityOptions withAccountAuthority(Identifier authority) {
        Objects.requireNonNull(authority, "authority");
        return with(copy -> copy.account = authority);
    }

    /** With an account authority: only the admins that it makes may make, change and remove enrollers. Otherwise every enroller may. */
    public AuthorityOptions withEnforcedAdminChecks() {
        return with(copy -> copy.enforceAdminChecks = true);
    }

    /**
     * A time other than {@code ockam.authority.credential-validity}; at least a second and at most 3650 days, and not longer than the identity
     * of the authority can answer for, which {@link AuthorityNode#create} finds out.
     */
    public AuthorityOptions withCredentialValidity(Duration time) {
        if (!AuthoritySettings.isValidity(time)) {
            throw new IllegalArgumentException("a credential counts for at least a second and at most 3650 days");
        }
        return with(copy -> copy.validity = time);
    }

    String project() {
        return values.project;
    }

    PreTrusted preTrusted() {
        return values.preTrusted;
    }

    Address listener() {
        return values.listener;
    }

    UnaryOperator<SecureChannelListenerOptions> listening() {
        return values.listening;
    }

    Optional<Address> directAuthenticator() {
        return Optional.ofNullable(values.directAuthenticator);
    }

    boolean hasTokens() {
        return values.hasTokens;
    }

    boolean hasEcho() {
        return values.hasEcho;
    }

    boolean hasTrustContext() {
        return values.hasTrustContext;
    }

    Optional<Identifier> account() {
        return Optional.ofNullable(values.account);
    }

    boolean enforceAdminChecks() {
        return values.enforceAdminChecks;
    }

    Optional<Duration> validity() {
        return Optional.ofNullable(values.validity);
    }
}
