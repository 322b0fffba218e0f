// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.node.Node;
import ockam.routing.FlowControlId;
import ockam.wire.Address;
import ockam.wire.Identifier;

/**
 * What is known about one end of a channel before the handshake (secure channel, section 1.1).
 *
 * @param node where it lives
 * @param role which side it is
 * @param me who it is
 * @param encryptor where messages are sent to go through the channel
 * @param decryptor where the peer's handshake messages and frames arrive
 * @param internal from where decrypted messages are forwarded
 * @param flowControlId the id of what comes out of this channel, and of no other
 */
record ChannelEnd(
        Node node,
        Role role,
        Identifier me,
        Address encryptor,
        Address decryptor,
        Address internal,
        FlowControlId flowControlId) {

    /** Creates an end with random addresses. */
    static ChannelEnd create(Node node, Role role, Identifier me) {
        return new ChannelEnd(
                node, role, me, Address.random(), Address.random(), Address.random(), FlowControlId.random());
    }
}
