// SPDX-License-Identifier: Apache-2.0

/**
 * INTERNAL API. The seam at which workers, mailboxes, streams, channels and transports dock: all of them are guests at the table of one
 * {@link ockam.routing.spi.Router}.
 */
@NullMarked
package ockam.routing.spi;

import org.jspecify.annotations.NullMarked;
