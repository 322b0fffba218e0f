// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of channels, piece by piece. Whole channels are tested in ockam.tests.channel.
 *
 * <pre>
 * The Noise handshake, without actors
 *   NoiseVectorsTest           published handshakes and the worked examples of the protocol
 *   NoiseHandshakeTest         what is refused in each message, and that the right one is still accepted afterwards
 *   NoiseDestroyTest           a handshake that is given up leaves no secret
 *   RecordedHandshakesTest     handshakes and frames recorded with a Rust peer, byte for byte
 *
 * Frames, without actors
 *   FramesTest                 frames from one end to the other: nonces, rekeying, loss and disorder
 *   FrameOpenerProperties      which frames are opened, compared with a model without keys
 *   ReplayWindowTest           the window of nonces at its edges
 *   ReplayWindowProperties     the window compared with the rule, on random nonces
 *   KeyTrackerTest             which key serves which nonce, and what becomes of the others
 *   KeyTrackerProperties       the choice of a key compared with the table of the protocol
 *   CatchUpTest                what happens after more lost frames than the window has room for, and what it may cost
 *   RefusalsTest               when a receiver is out of step with its peer
 *   RateLimitTest              so much per second, and no more at once
 *   EarlyFramesTest            frames kept during a handshake, and the bounds on them
 *   ChannelMessageTest         the plaintext of frames, and what of it is refused
 *   ChannelMessageProperties   random messages survive; no bytes make the decoder throw
 *
 * Bounds on open channels
 *   IdlenessTest               for how long a channel has not been used, counted in looks
 *   OpenChannelsTest           which channel gives way to a new one, and when the new one is refused
 *
 * Credentials to present
 *   PurposeKeyRotationTest     when purpose keys are replaced, by a clock moved by hand
 *   ReplaceableCredentialTest  a credential that is replaced by a call, and who is told
 *   KeptCredentialsTest        a node that starts again while its authority is away
 *   RefreshingRetrieverTest    when a source of credentials is asked, by a clock moved by hand, and what is presented meanwhile
 *   OwnHistoriesTest           one read of a history for all who show it at the same time
 *   BackoffTest                how long is waited before what has failed is tried again
 *
 * Actors, moved by hand
 *   SignatureQueueTest         strangers' signatures: one at a time, each peer in turn, none of peers that have gone
 *   HandshakerTest             each step of a handshake on each side: wrong messages, failures, time limits, stops
 *   EncryptorTest              the sending half of a channel, and what it shows of newer credentials
 *   DecryptorTest              the receiving half of a channel, and what it takes of newer credentials
 *
 * What applications see
 *   ChannelActorFailureTest    what is reported when the actor of a channel throws, and when everything around it ends
 *   HandshakeFailuresTest      every failure names its step and its reason
 *   CredentialsTest            what options say about credentials
 *   SetupHandlerTest           the application's code that sets channels up: when it is done, and what is a failure
 *   OptionsTest                options of channels and listeners
 *   SecureChannelSettingsTest  the keys of reference.conf, their defaults and ranges
 *
 * Used by these tests
 *   Bench                      a node for actors moved by hand, on an actor system for each class
 *   ChannelTests               bytes, fixed seeds and refusals
 *   PlainFrames                frames made with the ciphers of the JDK alone
 *   ScriptedVault              a vault that generates given keys, keeps results back and fails when told to
 *   HandTime                   a clock and the timers that go by it, moved by the test
 *   ScriptedRepository         histories in a repository that is slow or out of order when told to be
 *   ScriptedAttributes         what authorities said, in a store that is out of order when told to be
 *   ScriptedRetriever          has the credential that the test says
 *   Credentialing              credentials that can be read but do not verify
 *   NoiseSide                  one side of a Noise handshake, moved by hand
 *   WorkedExample              the handshake of the worked examples
 * </pre>
 */
@NullMarked
package ockam.channel;

import org.jspecify.annotations.NullMarked;
