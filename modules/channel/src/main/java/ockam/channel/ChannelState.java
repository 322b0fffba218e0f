// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** What one end of a secure channel knows about it. */
public sealed interface ChannelState {
    /** The channel is open. */
    enum Open implements ChannelState {
        /** As far as this end knows, messages arrive; but a peer that has gone without a word is not noticed by this alone. */
        UP,
        /**
         * The connection, or outer channel, by which the channel's route leaves this node has ended, and nothing can be sent. A new route
         * heals it: {@link SecureChannel#updateRoute} at the initiator, the next message of the peer at the responder, unless it is the
         * very first one. So does the same route, when somebody has taken its address again. Otherwise the channel closes after {@code
         * ockam.channel.route-lost-limit}.
         */
        ROUTE_LOST,
        /**
         * Every frame that has come for at least a second was refused. Either more frames were lost in a row than can be {@linkplain
         * ChannelDropReason#FRAME_REFUSED caught up with}, or only others have sent. The next frame that is accepted heals it. This alone
         * never closes a channel, or any stranger could.
         */
        OUT_OF_STEP;

        /** What is worse counts. */
        static Open of(boolean routeLost, boolean outOfStep) {
            return routeLost ? ROUTE_LOST : outOfStep ? OUT_OF_STEP : UP;
        }
    }

    /**
     * The channel is closed, for good.
     *
     * @param reason why
     */
    record Closed(CloseReason reason) implements ChannelState {}
}
