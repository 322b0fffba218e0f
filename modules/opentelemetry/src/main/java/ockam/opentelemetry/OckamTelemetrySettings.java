// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import ockam.wire.internal.SettingsBlock;

/**
 * Settings of spans and metrics, read from the block {@code ockam.opentelemetry}; its keys are explained in {@code reference.conf}.
 *
 * @param maxOpenSpans spans that may be open at the same time, at least 1
 */
public record OckamTelemetrySettings(int maxOpenSpans) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.opentelemetry");

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public OckamTelemetrySettings {
        BLOCK.require(maxOpenSpans >= 1, "max-open-spans must be at least 1");
    }

    /**
     * Reads the settings from the block {@code ockam.opentelemetry}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static OckamTelemetrySettings create(Config opentelemetry) {
        return new OckamTelemetrySettings(BLOCK.read("max-open-spans", opentelemetry::getInt));
    }

    static OckamTelemetrySettings of(ActorSystem<?> system) {
        Config config = system.settings().config();
        return BLOCK.block(path -> create(config.getConfig(path)));
    }

    /** The same with so many open spans. */
    public OckamTelemetrySettings withMaxOpenSpans(int most) {
        return new OckamTelemetrySettings(most);
    }
}
