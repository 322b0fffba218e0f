// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import java.time.Duration;
import ockam.identity.CredentialAndPurposeKey;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/** An authority of either implementation, on a node of its own, and what a test does there. */
interface Authority extends KnownAuthority {
    /** Makes somebody a member, or changes what is said of a member. */
    void member(Identifier who, Attributes attributes);

    /** What the credentials of a member with these attributes say. */
    Attributes said(Attributes attributes);

    /** A credential about somebody whose history it knows, member or not. */
    CredentialAndPurposeKey issue(Identifier subject, Attributes attributes, Duration validity);
}
