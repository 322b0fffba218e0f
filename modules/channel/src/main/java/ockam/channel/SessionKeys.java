// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.vault.AeadKey;

/**
 * What a finished handshake yields for one side: the two keys of the channel. The holder must erase them.
 *
 * @param sealing for what this side sends
 * @param opening for what this side receives
 */
record SessionKeys(AeadKey sealing, AeadKey opening) {
    void erase() {
        sealing.erase();
        opening.erase();
    }
}
