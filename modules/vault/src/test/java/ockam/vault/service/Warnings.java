// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a {@link KeyServiceVault} logs. */
final class Warnings {
    private Warnings() {}

    /** Returns what is logged during the work, and keeps it from the console. */
    static List<String> logged(Runnable work) {
        Logger logger = (Logger) LoggerFactory.getLogger(KeyServiceVault.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        try {
            work.run();
        } finally {
            logger.detachAppender(lines);
            logger.setAdditive(true);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
