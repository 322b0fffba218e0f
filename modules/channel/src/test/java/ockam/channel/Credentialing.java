// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.util.ByteString;
import java.time.Duration;
import ockam.fixtures.ExampleIdentities;
import ockam.identity.Credential;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Timestamp;
import ockam.wire.Attributes;
import ockam.wire.CborWriter;

/** Credentials that can be read but do not verify, for what looks at nothing but their time. */
final class Credentialing {
    private static final CredentialAndPurposeKey EXAMPLE =
            CredentialAndPurposeKey.decode(ExampleIdentities.ALICE_CREDENTIAL).orElseThrow();

    private Credentialing() {}

    /** A credential for this time; those with other numbers are others. */
    static CredentialAndPurposeKey numbered(int number, Timestamp from, Duration validity) {
        CborWriter content =
                CborWriter.create(128).array(5).nul().nul().array(2).unsigned(number);
        Attributes.none().writeTo(content);
        content.unsigned(from.seconds()).unsigned(from.plus(validity).seconds());
        CborWriter versioned =
                CborWriter.create(256).array(3).unsigned(1).unsigned(3).bytes(content.toByteString());
        ByteString data = versioned.toByteString();
        return new CredentialAndPurposeKey(
                new Credential(data, EXAMPLE.credential().signature()), EXAMPLE.purposeKey());
    }
}
