// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;

/** The keys of attributes. Those of metrics have few values each; what others choose is only in spans. */
final class Keys {
    // In spans and metrics.
    static final AttributeKey<String> NODE = AttributeKey.stringKey("ockam.node");
    static final AttributeKey<String> ROLE = AttributeKey.stringKey("ockam.role");
    /** As the conventions of OpenTelemetry call it. */
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    // In metrics.
    static final AttributeKey<String> FORM = AttributeKey.stringKey("ockam.message.form");
    static final AttributeKey<String> DROP_REASON = AttributeKey.stringKey("ockam.drop.reason");

    // In spans.
    static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("ockam.address");
    static final AttributeKey<String> STEP = AttributeKey.stringKey("ockam.handshake.step");
    static final AttributeKey<String> PEER = AttributeKey.stringKey("ockam.peer");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("ockam.route");
    static final AttributeKey<String> REMOTE = AttributeKey.stringKey("ockam.remote");
    static final AttributeKey<Long> SENT = AttributeKey.longKey("ockam.stream.sent");
    static final AttributeKey<Long> LOST = AttributeKey.longKey("ockam.stream.lost");

    private Keys() {}
}
