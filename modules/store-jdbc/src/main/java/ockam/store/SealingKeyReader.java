// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import ockam.store.StoreException.Reason;

/** Reads the key that private keys are sealed with from where it is. Blocks. */
final class SealingKeyReader {
    private static final int LONGEST_FILE = 1_000;

    private SealingKeyReader() {}

    /** Returns its 32 bytes, which the caller must overwrite. */
    static byte[] read(SealingKey key) {
        byte[] bytes;
        if (key instanceof SealingKey.InEnvironment variable) {
            bytes = ofVariable(variable.name());
        } else if (key instanceof SealingKey.InFile file) {
            bytes = ofFile(file.path());
        } else {
            bytes = ((SealingKey.FromCallback) key).callback().get();
        }
        if (bytes.length != SealingKey.LENGTH) {
            throw new StoreException(Reason.KEY_INVALID, "the key of the store has 32 bytes, not " + bytes.length);
        }
        return bytes;
    }

    private static byte[] ofVariable(String name) {
        String text = System.getenv(name);
        if (text == null || text.isBlank()) {
            throw new StoreException(
                    Reason.KEY_MISSING, "there is no environment variable " + name + " with the key of the store");
        }
        return ofHex(text.strip(), "the environment variable " + name);
    }

    private static byte[] ofFile(Path path) {
        byte[] text = new byte[0];
        try {
            Path file = path.toRealPath();
            FileModes.requirePrivate(file);
            if (Files.size(file) > LONGEST_FILE) {
                throw notHex("the file " + path);
            }
            text = Files.readAllBytes(file);
            return ofHex(new String(text, StandardCharsets.ISO_8859_1).strip(), "the file " + path);
        } catch (NoSuchFileException e) {
            throw new StoreException(
                    Reason.KEY_MISSING,
                    "there is no file " + path + " with the key of the store; if there never was one: (umask 077;"
                            + " openssl rand -hex 32 > '" + path + "')",
                    e);
        } catch (IOException e) {
            throw new StoreException(Reason.KEY_MISSING, "the file " + path + " cannot be read", e);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static byte[] ofHex(String text, String where) {
        if (text.length() != 2 * SealingKey.LENGTH) {
            throw notHex(where);
        }
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw notHex(where); // not with its cause, which has a part of the text in it
        }
    }

    private static StoreException notHex(String where) {
        return new StoreException(Reason.KEY_INVALID, where + " has not the key of the store, 64 hexadecimal digits");
    }
}
