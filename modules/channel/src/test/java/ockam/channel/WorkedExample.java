// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.join;
import static ockam.fixtures.ExampleIdentities.counting;

import ockam.fixtures.ExampleIdentities;
import ockam.fixtures.Hex;

/** The worked examples of the specification: secure channel, sections 8.1 and 8.3 to 8.7. */
final class WorkedExample {
    static final byte[] INITIATOR_STATIC = counting(0x00);
    static final byte[] INITIATOR_EPHEMERAL = counting(0x20);
    static final byte[] RESPONDER_STATIC = counting(0x01);
    static final byte[] RESPONDER_EPHEMERAL = counting(0x41);

    /** 8.3: Alice is the initiator. */
    static final byte[] ALICE_HISTORY = ExampleIdentities.ALICE_HISTORY.toArray();

    /** 8.3: the same identity after a rotation. */
    static final byte[] ALICE_ROTATED_HISTORY = ExampleIdentities.ALICE_ROTATED_HISTORY.toArray();

    /** 8.4: of the static key of the initiator. */
    static final byte[] ALICE_ATTESTATION = ExampleIdentities.ALICE_ATTESTATION.toArray();

    /** 8.5: what an authority says about Alice. */
    static final byte[] ALICE_CREDENTIAL = ExampleIdentities.ALICE_CREDENTIAL.toArray();

    /** 8.3: Bob is the responder. */
    static final byte[] BOB_HISTORY = ExampleIdentities.BOB_HISTORY.toArray();

    /** 8.4: of the static key of the responder. */
    static final byte[] BOB_ATTESTATION = ExampleIdentities.BOB_ATTESTATION.toArray();

    static final byte[] PAYLOAD_2 = join(Hex.bytes("83"), BOB_HISTORY, BOB_ATTESTATION, Hex.bytes("80"));
    static final byte[] PAYLOAD_3 = join(Hex.bytes("83"), ALICE_HISTORY, ALICE_ATTESTATION, Hex.bytes("80"));

    static final byte[] M1 = Hex.bytes("358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254");

    static final byte[] M2 = Hex.bytes("""
            64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484666496c3648a1e088504a02025498d1045
            ae1e30f803f5bda8daac842e4291fe003ec09712baa61f30e8b9b83d55f64560808b73e127eaefab816af50c3dd4b270
            262d184a20261ce78446bd1c20bbbc1473f9358f952bb96676c227a9a3461baa654888685b67df5be97af7fd08fb8298
            e13f7ecf621416f5de50dfce1c2ca5af3f89ee5c5c8ce788a24bd54930e1ed823b3eb971c929f356fcd320e8d2440599
            b1d77d2c35821a2f0ee77d60a0f13e8345e503f40193fca41c8b9aff96d4b0f15bde9062aeaaa53640a18230eec729d5
            e5f16c8f7fcce561c56e62a82761904f0017ac571d08d663633f73b7b121504d018f93ad3e32c4b3a27810b6ec7ccd42
            e4a5e27f3c003b79d343ed0855db0eb34847d2d63afdf2ce9e32ff73c8b51f8aaa6dc47acb2b2dda66f520dc0a53797e
            3d48ae83ac7c1e1be9253d1218a19a22a1b44ab555c09a917c7e11da16e74c10e7b4b3713087b67eecf24a2114b36310
            88426317a69ff35c81c57f8e070e64fb77ec0198a9b4bef8101a6bd776dbe85783c050
            """);

    static final byte[] M3 = Hex.bytes("""
            8f021075c218d4ca06d334b5af04de7ce3d19e12adb47dbf749f595010f6fd37312298e448982d5009e5157d6a0913c3
            38852fa081387e86b68d0c5d004807f740645f9202cd61592d3ca224007fb1a9e46590a720b469b4dd6833b678b185c5
            b2c8ece21d085dfafbe8bccae5f3810e5f2da43e9c772d5ff6fed92be559f90c5b47a513c0658e05f4c542138bde1850
            b39286c2065e19788b4b0c7cf930228fc497c47e1d38e9b1cc234a08e96e7709816119132c1252641837c3d1f9e28f65
            15735808a07a19343db351df7a4a9aab1735f2ca8caa54b22954146e73864f9827337d5ab01b02a005c6c436ffa60bb9
            d5f73d3eb6471a28d3241fc78410ac77588989ca340a0741b2b4cbc310f080c679e8239939e48ba62f2b71a2fe2245b8
            35b5704ee0c492edd18077346d94b649ce59bf876ff35c959db214abe8bee87d85d350330bb9b62b2375d2d443feba11
            ca9a27a1f83be09002ff321f55148e9a3bf7ab810e6c2a010a195b82cb8c12dc0d616ee13a5e5de229a44a83a2a101b8
            b05a79
            """);

    static final String HASH_AFTER_INIT = "c6096331ab8d033b2ab45efed418e9511b63d51e0b5a9a584086ea8b5905e752";
    static final String HASH_AFTER_M1 = "36ca83c5f4e6cb19c9247e4e610f943b6c1889108a44e9371ae8db351f41b6f6";
    static final String HASH_AFTER_M2 = "c0a0e10bf9f8425b83105eab9c8695e457f5afaf25f92a342910882b6093d9aa";
    static final String HASH_AFTER_M3 = "522b79ad57f5027fa57908c31c515b2b29daf658271858072ba9e1722dea1ab2";

    /** What the responder seals with. */
    static final byte[] K1 = Hex.bytes("4349aa5f460aca550b37ce55d3f7ad8f2d4747084b6c62e15c523568ebafe860");
    /** What the initiator seals with. */
    static final byte[] K2 = Hex.bytes("831124fa3e1606b97f5cda4d81c3aa04c7c0151666f05f49a09cd0faf63a05d8");

    private WorkedExample() {}
}
