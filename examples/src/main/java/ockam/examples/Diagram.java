// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import ockam.recorder.Recording;

/** Draws what an example does, and what several of them do together. */
public final class Diagram {
    private Diagram() {}

    /** The configuration, which with {@code --diagram file} has the run recorded there: {@code .html}, {@code .mmd} or {@code .jsonl}. */
    static Config settings(String[] args) {
        int option = Arrays.asList(args).indexOf("--diagram");
        Map<String, Object> recorded = option < 0 || option + 1 == args.length
                ? Map.of()
                : Map.of("ockam.recorder.enabled", true, "ockam.recorder.file", args[option + 1]);
        return ConfigFactory.parseMap(recorded).withFallback(ConfigFactory.load());
    }

    /**
     * Puts together what several processes have recorded. The first argument is the file to write, the others are those that they have written
     * as JSON lines.
     */
    public static void main(String[] args) throws IOException {
        Path[] recorded = Arrays.stream(args).skip(1).map(Path::of).toArray(Path[]::new);
        Recording.read(recorded).write(Path.of(args[0]));
    }
}
