// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ockam.store.StoreException.Reason;

/** Who may read and change files, where the file system knows. */
final class FileModes {
    private static final Set<PosixFilePermission> READ_WRITE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final Set<PosixFilePermission> OF_THE_OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private FileModes() {}

    private static boolean areKnown() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** Refuses files that others than their owner may read or change, and names them all. Those that are not there are not looked at. */
    static void requirePrivate(Path... files) throws IOException {
        List<Path> open = new ArrayList<>();
        for (Path file : files) {
            if (isOpenToOthers(file)) {
                open.add(file);
            }
        }
        if (!open.isEmpty()) {
            String names = open.stream().map(file -> " '" + file + "'").collect(Collectors.joining());
            throw new StoreException(
                    Reason.FILE_NOT_PRIVATE,
                    "others than its owner may use" + names + "; mend it by: chmod 600" + names);
        }
    }

    private static boolean isOpenToOthers(Path file) throws IOException {
        if (!areKnown()) {
            return false;
        }
        try {
            return !OF_THE_OWNER.containsAll(Files.getPosixFilePermissions(file));
        } catch (NoSuchFileException e) { // another process may have deleted it just now
            return false;
        }
    }

    /** Creates an empty file for its owner only, unless it exists; then it is not looked at. */
    static void createPrivate(Path file) throws IOException {
        FileAttribute<?>[] attributes = areKnown()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(READ_WRITE)}
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, attributes);
        } catch (FileAlreadyExistsException e) {
            // as it is
        }
    }
}
