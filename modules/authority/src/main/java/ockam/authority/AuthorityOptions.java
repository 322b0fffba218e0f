// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import ockam.channel.SecureChannelListenerOptions;
import ockam.wire.Address;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/** Options of an authority. Immutable; each {@code withX} returns a copy. */
public final class AuthorityOptions {
    private final String project;
    private final PreTrusted preTrusted;
    private final Address listener;
    private final UnaryOperator<SecureChannelListenerOptions> listening;
    private final Address directAuthenticator;
    private final boolean hasDirectAuthenticator;
    private final boolean hasTokens;
    private final boolean hasTrustContext;
    private final @Nullable Identifier account;
    private final boolean enforceAdminChecks;
    private final @Nullable Duration validity;

    private AuthorityOptions(Builder from) {
        this.project = from.project;
        this.preTrusted = from.preTrusted;
        this.listener = from.listener;
        this.listening = from.listening;
        this.directAuthenticator = from.directAuthenticator;
        this.hasDirectAuthenticator = from.hasDirectAuthenticator;
        this.hasTokens = from.hasTokens;
        this.hasTrustContext = from.hasTrustContext;
        this.account = from.account;
        this.enforceAdminChecks = from.enforceAdminChecks;
        this.validity = from.validity;
    }

    /** What is being changed; never shared. */
    private static final class Builder {
        private final String project;
        private PreTrusted preTrusted = PreTrusted.none();
        private Address listener = Address.of("api");
        private UnaryOperator<SecureChannelListenerOptions> listening = UnaryOperator.identity();
        private Address directAuthenticator = AuthorityNode.DIRECT_AUTHENTICATOR;
        private boolean hasDirectAuthenticator = true;
        private boolean hasTokens = true;
        private boolean hasTrustContext = true;
        private @Nullable Identifier account;
        private boolean enforceAdminChecks;
        private @Nullable Duration validity;

        private Builder(String project) {
            this.project = project;
        }

        private Builder(AuthorityOptions before) {
            this(before.project);
            preTrusted = before.preTrusted;
            listener = before.listener;
            listening = before.listening;
            directAuthenticator = before.directAuthenticator;
            hasDirectAuthenticator = before.hasDirectAuthenticator;
            hasTokens = before.hasTokens;
            hasTrustContext = before.hasTrustContext;
            account = before.account;
            enforceAdminChecks = before.enforceAdminChecks;
            validity = before.validity;
        }

        private AuthorityOptions build() {
            return new AuthorityOptions(this);
        }
    }

    /**
     * Options with all services, at the addresses that peers expect, and a channel listener at {@code api}. Nobody is a member yet: see
     * {@link #withPreTrusted}.
     *
     * @param project the id of the project whose members these are; every credential has it as {@code trust_context_id}
     */
    public static AuthorityOptions forProject(String project) {
        Objects.requireNonNull(project, "project");
        return new Builder(project).build();
    }

    /** Members that the authority has from its start, whatever its store says; those of an earlier start are gone (authority, section 2.2). */
    public AuthorityOptions withPreTrusted(PreTrusted members) {
        Builder builder = new Builder(this);
        builder.preTrusted = Objects.requireNonNull(members, "members");
        return builder.build();
    }

    /** Where the channel listener lives. */
    public AuthorityOptions withListenerAddress(Address address) {
        Builder builder = new Builder(this);
        builder.listener = Objects.requireNonNull(address, "address");
        return builder.build();
    }

    /**
     * What should differ in the options of the channel listener, such as {@code options -> options.withOpenTo(tcpListener)}. As it is given to
     * the function, the listener takes channels of everyone, since whoever has a code may come.
     */
    public AuthorityOptions withListener(UnaryOperator<SecureChannelListenerOptions> change) {
        Builder builder = new Builder(this);
        builder.listening = Objects.requireNonNull(change, "change");
        return builder.build();
    }

    /** Where members are added and removed, instead of {@code direct_authenticator}. */
    public AuthorityOptions withDirectAuthenticator(Address address) {
        Builder builder = new Builder(this);
        builder.directAuthenticator = Objects.requireNonNull(address, "address");
        builder.hasDirectAuthenticator = true;
        return builder.build();
    }

    /** Members are neither added nor removed by enrollers. */
    public AuthorityOptions withoutDirectAuthenticator() {
        Builder builder = new Builder(this);
        builder.hasDirectAuthenticator = false;
        return builder.build();
    }

    /** There are no tokens. */
    public AuthorityOptions withoutTokens() {
        Builder builder = new Builder(this);
        builder.hasTokens = false;
        return builder.build();
    }

    /** Credentials have no {@code trust_context_id}. */
    public AuthorityOptions withoutTrustContext() {
        Builder builder = new Builder(this);
        builder.hasTrustContext = false;
        return builder.build();
    }

    /**
     * Another authority, whose credentials make admins: those in which {@code project} is this project (authority, section 2.3). Its history
     * must have been {@linkplain ockam.identity.Identities#importHistory imported}.
     */
    public AuthorityOptions withAccountAuthority(Identifier authority) {
        Builder builder = new Builder(this);
        builder.account = Objects.requireNonNull(authority, "authority");
        return builder.build();
    }

    /** With an account authority: only the admins that it makes may make, change and remove enrollers. Otherwise every enroller may. */
    public AuthorityOptions withEnforcedAdminChecks() {
        Builder builder = new Builder(this);
        builder.enforceAdminChecks = true;
        return builder.build();
    }

    /** A time other than {@code ockam.authority.credential-validity}; at least a second and at most 3650 days. */
    public AuthorityOptions withCredentialValidity(Duration time) {
        if (!AuthoritySettings.isValidity(time)) {
            throw new IllegalArgumentException("a credential counts for at least a second and at most 3650 days");
        }
        Builder builder = new Builder(this);
        builder.validity = time;
        return builder.build();
    }

    String project() {
        return project;
    }

    PreTrusted preTrusted() {
        return preTrusted;
    }

    Address listener() {
        return listener;
    }

    UnaryOperator<SecureChannelListenerOptions> listening() {
        return listening;
    }

    Optional<Address> directAuthenticator() {
        return hasDirectAuthenticator ? Optional.of(directAuthenticator) : Optional.empty();
    }

    boolean hasTokens() {
        return hasTokens;
    }

    boolean hasTrustContext() {
        return hasTrustContext;
    }

    Optional<Identifier> account() {
        return Optional.ofNullable(account);
    }

    boolean enforceAdminChecks() {
        return enforceAdminChecks;
    }

    Optional<Duration> validity() {
        return Optional.ofNullable(validity);
    }
}
