// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages with the picture and the table, and names that would break out of them. What a browser does with a page is tested with a browser. */
class HtmlTest {
    private static String page(String name) {
        return Script.of("p")
                .taken("n", "WORKERS", name)
                .delivered("n", 1, name, Script.route("h", name), Script.route(name))
                .dropped("n", name, "h")
                .recording()
                .html();
    }

    @Test
    void hasEveryEventAndTheWholePicture() {
        String page = page("app");

        assertThat(page)
                .contains("3 events.")
                .contains("<svg id=\"picture\"")
                .contains("message, 10 bytes")
                .contains("sequenceDiagram")
                .contains("<option>message-delivered</option>")
                .contains("<td><span>app</span> \u2192 <span>h</span></td><td>h =&gt; app</td><td>10</td>")
                .doesNotContain("{{");
        assertThat(page.split("<tr><td>", -1)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</script><script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "\" onmouseover=\"alert(1)",
                "' onmouseover='alert(1)",
                "</title></svg></pre></option>",
                "&lt;script&gt;",
                "-->"
            })
    void namesOfStrangersAreText(String name) {
        String page = page(name);

        assertThat(page).doesNotContain(name);
        assertThat(page.split("<script", -1)).hasSize(2);
        assertThat(page.split("</script>", -1)).hasSize(2);
    }

    @Test
    void nameThatLooksLikeAPartOfThePageIsText() {
        String page = page("{{script}}");

        assertThat(page).contains("<span>{{script}}</span>");
        assertThat(page.split("<script", -1)).hasSize(2);
    }

    @Test
    void policyAllowsItsOwnScriptAndNothingElse() throws Exception {
        String page = page("app");
        Matcher script =
                Pattern.compile("<script>(.*)</script>", Pattern.DOTALL).matcher(page);
        assertThat(script.find()).isTrue();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(script.group(1).getBytes(StandardCharsets.UTF_8)));

        assertThat(page)
                .contains(
                        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash + "'\"");
        assertThat(page.replace("http://www.w3.org/2000/svg", ""))
                .as("needs no network")
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("src=")
                .doesNotContain("@import");
    }

    @Test
    void emptyRecordingIsAPageToo() {
        assertThat(Script.of("p").recording().html()).contains("0 events.");
    }
}
