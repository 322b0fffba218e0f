// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.concurrent.CompletionStage;
import ockam.routing.Peer;

/** What one address of an authority does. Thread safe. */
interface Service {
    /** What it is called in the log's keys: a constant. */
    String name();

    /** Does what a caller asks for. Its stage may fail, which is the fault of this side. */
    CompletionStage<Reply> handle(Request request, Peer caller);
}
