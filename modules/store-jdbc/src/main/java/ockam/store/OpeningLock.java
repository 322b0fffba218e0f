// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import ockam.store.StoreException.Reason;

/**
 * Lets one after the other open a file of SQLite. Two that turn a new file into a database at the same time, or create the same tables, get in
 * each other's way, and SQLite's own locks begin only after that. It is a lock on a file beside the database, which stays there; the operating
 * system takes it back from a process that ends.
 */
final class OpeningLock {
    private static final String SUFFIX = ".lock";
    private static final long PAUSE_NANOS = 10_000_000;

    private OpeningLock() {}

    /** Opens it, when it is this one's turn. Blocks, for its turn no longer than this. */
    static void open(Path database, Duration patience, Runnable opening) {
        Path file = database.resolveSibling(database.getFileName() + SUFFIX);
        try {
            FileModes.createPrivate(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                long end = System.nanoTime() + patience.toNanos();
                while (!isLocked(channel)) {
                    if (System.nanoTime() - end >= 0) {
                        throw new StoreException(Reason.BUSY, "others kept the file " + file + " locked for too long");
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                opening.run();
            }
        } catch (IOException e) {
            throw new StoreException(Reason.DATABASE_FAILED, "the file " + file + " cannot be created or locked", e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) { // another store in this process has it
            return false;
        }
    }
}
