// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of the recorder, read from the block {@code ockam.recorder}; its keys are explained in {@code reference.conf}.
 *
 * @param enabled whether everything is recorded from the beginning of the actor system
 * @param file where that is written at its end, if anywhere; the end of the name says what
 * @param maxEvents events that are kept, at least 1
 * @param maxBytes what they may hold, at least 1
 */
public record RecorderSettings(boolean enabled, Optional<Path> file, int maxEvents, long maxBytes) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.recorder");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public RecorderSettings {
        BLOCK.require(
                file.isEmpty() || Recording.isWritable(file.get()),
                "file must end in .html, .mmd or .jsonl, or be off");
        BLOCK.require(maxEvents >= 1, "max-events must be at least 1");
        BLOCK.require(maxBytes >= 1, "max-bytes must be at least 1");
    }

    /**
     * Reads the settings from the block {@code ockam.recorder}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static RecorderSettings create(Config recorder) {
        return new RecorderSettings(
                BLOCK.read("enabled", recorder::getBoolean),
                BLOCK.readUnlessOff("file", recorder::getString, key -> Path.of(recorder.getString(key))),
                BLOCK.read("max-events", recorder::getInt),
                BLOCK.read("max-bytes", recorder::getBytes));
    }

    static RecorderSettings of(ActorSystem<?> system) {
        Config config = system.settings().config();
        return BLOCK.block(path -> create(config.getConfig(path)));
    }

    /** The same with so many events. */
    public RecorderSettings withMaxEvents(int most) {
        return new RecorderSettings(enabled, file, most, maxBytes);
    }

    /** The same with so many bytes. */
    public RecorderSettings withMaxBytes(long most) {
        return new RecorderSettings(enabled, file, maxEvents, most);
    }
}
