// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where the key is that private keys are sealed with: 32 bytes for AES-256-GCM. It is read when a store is opened, and never kept anywhere by
 * the store. Whoever has it and the database has the private keys; when it is lost, they are.
 */
public sealed interface SealingKey {
    /** The length in bytes. */
    int LENGTH = 32;

    /** The key in an environment variable, as 64 hexadecimal digits. It stays in the memory of the process, as everything there. */
    static SealingKey inEnvironment(String name) {
        return new InEnvironment(name);
    }

    /**
     * The key in a file, as 64 hexadecimal digits. It has to be readable by its owner only; {@code FILE_NOT_PRIVATE} names the command
     * that makes it so.
     */
    static SealingKey inFile(Path path) {
        return new InFile(path);
    }

    /** The key from a callback, for example of a key management service; it is asked on a thread of the store, and may block. */
    static SealingKey from(Supplier<byte[]> callback) {
        return new FromCallback(callback);
    }

    /**
     * An environment variable.
     *
     * @param name its name
     */
    record InEnvironment(String name) implements SealingKey {}

    /**
     * A file.
     *
     * @param path its name
     */
    record InFile(Path path) implements SealingKey {}

    /**
     * A callback.
     *
     * @param callback returns 32 bytes, which are overwritten when they are no longer needed
     */
    record FromCallback(Supplier<byte[]> callback) implements SealingKey {
        @Override
        public String toString() {
            return "FromCallback";
        }
    }
}
