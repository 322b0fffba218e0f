// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataTest {
    @Test
    void copiesAttributes() {
        Map<String, String> attributes = new HashMap<>(Map.of("a", "b"));
        Metadata metadata = Metadata.terminal(attributes);
        attributes.clear();

        assertThat(metadata.attributes()).containsExactly(Map.entry("a", "b"));
        assertThat(metadata.terminal()).isTrue();
        assertThat(Metadata.none().terminal()).isFalse();
    }
}
