// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.javadsl.Adapter;
import akka.annotation.InternalApi;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. Looks whether everything is to be recorded, when an actor system begins, and writes the recording when it has ended. Akka
 * finds it by its name in {@code reference.conf}.
 */
@InternalApi
public final class AutomaticRecorder implements Extension {
    private static final Logger LOG = LoggerFactory.getLogger(AutomaticRecorder.class);

    /** How Akka finds it. */
    public static final class Id extends ExtensionId<AutomaticRecorder> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        /** Called by Akka. */
        public static Id getInstance() {
            return INSTANCE;
        }

        @Override
        public AutomaticRecorder createExtension(ActorSystem<?> system) {
            return new AutomaticRecorder(system);
        }
    }

    private AutomaticRecorder(ActorSystem<?> system) {
        RecorderSettings settings = RecorderSettings.of(system);
        if (settings.enabled()) {
            Recorder recorder = Recorder.start(system, settings);
            // Those who register later are told before: by then, every node has stopped.
            settings.file()
                    .ifPresent(file ->
                            Adapter.toClassic(system).registerOnTermination(() -> write(recorder.recording(), file)));
        }
    }

    private static void write(Recording recording, Path file) {
        try {
            recording.write(file);
            LOG.info("The recording of {} is in {}", recording.parts().get(0).name(), file);
        } catch (IOException | RuntimeException e) {
            LOG.error("The recording could not be written to {}", file, e);
        }
    }
}
