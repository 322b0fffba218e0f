// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Creates a file that only its owner may use, with all of its content or not at all. */
final class NewFile {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private NewFile() {}

    /**
     * Creates the file, on the disk when this returns. What is there already is never replaced, but by another process at the same moment on
     * a file system without hard links.
     *
     * @throws FileAlreadyExistsException if there is one of this name
     */
    static void create(Path path, String content) throws IOException {
        Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent(), "not the root of the file system");
        FileAttribute<?>[] attributes = hasModes(path) ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
        Path temporary = Files.createTempFile(directory, ".identity", ".tmp", attributes);
        try {
            write(temporary, content);
            name(temporary, path);
        } finally {
            Files.deleteIfExists(temporary); // it is the file itself under another name, or was in vain
        }
        force(directory);
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Not by an atomic move: that replaces a file that is there. */
    private static void name(Path temporary, Path path) throws IOException {
        try {
            Files.createLink(path, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) { // there may be no links here
            Files.move(temporary, path);
        }
    }

    /** The name of the file is in its directory, which is a file itself. Not all systems let it be opened. */
    private static void force(Path directory) throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException | UnsupportedOperationException e) {
            return;
        }
        try (FileChannel channel = opened) {
            channel.force(true);
        }
    }

    /** Returns whether the file system knows who may use a file. */
    static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
