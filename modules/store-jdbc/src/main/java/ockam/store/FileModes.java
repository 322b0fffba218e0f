// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import ockam.store.StoreException.Reason;

/** Who may read and change files, where the file system knows. */
final class FileModes {
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private FileModes() {}

    private static boolean areKnown() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** Refuses a file that others than its owner may read or change. */
    static void requirePrivate(Path file) throws IOException {
        if (!areKnown()) {
            return;
        }
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(Files.getPosixFilePermissions(file));
        others.removeAll(EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
        if (!others.isEmpty()) {
            throw new StoreException(
                    Reason.FILE_NOT_PRIVATE,
                    "others than its owner may use the file " + file + "; mend it by: chmod 600 '" + file + "'");
        }
    }

    /** Creates an empty file for its owner only, unless it exists. */
    static void createPrivate(Path file) throws IOException {
        FileAttribute<?>[] attributes = areKnown()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, attributes);
        } catch (FileAlreadyExistsException e) {
            requirePrivate(file);
        }
    }
}
