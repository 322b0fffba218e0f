// SPDX-License-Identifier: Apache-2.0

package ockam.tests.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import ockam.examples.Step06SecureChannelManyHops;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;

/**
 * A page in a real browser: it has the picture, it filters, it reports no error, and no name breaks out of it. Needs Chromium and its driver on
 * the PATH ({@code apt-get install chromium chromium-driver}); without them it is skipped.
 */
@ExtendWith(ActorTestKitExtension.class)
class BrowserTest {
    private static @Nullable ChromeDriver browser;

    @TempDir
    static Path directory;

    @BeforeAll
    static void open() {
        Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = onPath("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && driver.isPresent(),
                "skipped: there is no chromium with chromedriver on the PATH");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // root has none, and the pages are ours
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--user-data-dir=" + directory.resolve("profile"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        browser.manage().window().setSize(new Dimension(1420, 1300));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static Optional<Path> onPath(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(where -> Path.of(where, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static ChromeDriver browser() {
        return Objects.requireNonNull(browser);
    }

    private static void show(Path page) {
        browser().get(page.toUri().toString());
    }

    private static List<WebElement> shownRows() {
        return browser().findElements(By.cssSelector("#events tbody tr:not([hidden])"));
    }

    private static Select select(String id) {
        return new Select(browser().findElement(By.id(id)));
    }

    private static void assertNoErrors() {
        assertThat(browser().manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                .isEmpty();
    }

    private Path mainExample() {
        Path page = directory.resolve("step06.html");
        Step06SecureChannelManyHops.main(new String[] {"--diagram", page.toString()});
        return page;
    }

    @Test
    void pageHasThePictureAndFiltersItsTable() throws IOException {
        show(mainExample());

        assertThat(browser().findElements(By.cssSelector("#picture .handshake line")))
                .hasSize(12);
        assertThat(browser().findElements(By.cssSelector("#picture .ciphertext line")))
                .hasSize(8);
        assertThat(browser().findElements(By.cssSelector("#picture .message line")))
                .hasSize(4);
        assertThat(browser().findElements(By.cssSelector("#picture .party text")))
                .extracting(WebElement::getText)
                .containsExactlyInAnyOrder(
                        "channel-1", "h1", "h2", "h3", "secure_channel_listener", "channel-2", "mailbox-1", "echoer");
        WebElement arrow = browser().findElement(By.cssSelector("#picture .handshake line"));
        assertThat(arrow.getSize().getWidth()).as("it is drawn").isPositive();
        assertThat(arrow.getCssValue("stroke")).as("and has its colour").isEqualTo("rgb(176, 106, 0)");

        int all = shownRows().size();
        assertThat(all).isGreaterThan(30);
        select("event").selectByVisibleText("handshake-message-sent");
        assertThat(shownRows()).hasSize(3);
        select("event").selectByIndex(0);
        select("address").selectByVisibleText("h2");
        assertThat(shownRows())
                .hasSizeBetween(10, all - 1)
                .allSatisfy(row -> assertThat(row.getText()).contains("h2"));
        select("node").selectByVisibleText("example");
        browser().findElement(By.id("text")).sendKeys("ADDRESSES-t");
        assertThat(shownRows()).hasSize(1);
        assertThat(browser().findElement(By.id("count")).getText()).isEqualTo("1 of " + all + " events");
        browser().findElement(By.id("text")).sendKeys(" and nothing of the kind");
        assertThat(shownRows()).isEmpty();
        assertNoErrors();
        if (Boolean.getBoolean("ockam.draw")) {
            browser().navigate().refresh();
            select("event").selectByVisibleText("message-delivered");
            Files.copy(
                    browser().getScreenshotAs(OutputType.FILE).toPath(),
                    Drawings.root().resolve("docs/recorder.png"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void namesOfStrangersAreShownAndDoNothing(OckamTestKit kit) throws IOException {
        String name = "</script><script>document.title='b'</script><img src=x onerror=\"document.title='b'\">";
        Path page = directory.resolve("strange.html");
        Node node = kit.node("strange");
        kit.hop(node, name);
        Mailbox app = node.mailbox("app");
        app.send(Route.of(name, "app"), Codec.string(), "hello");
        kit.await(app.receive(Codec.string()));
        kit.recording().write(page);

        show(page);

        assertThat(browser().getTitle()).isEqualTo("Recording");
        assertThat(browser().findElements(By.tagName("img"))).isEmpty();
        String shown = name.substring(0, 78) + "..."; // as much of it as anybody is shown
        select("address").selectByVisibleText(shown);
        assertThat(shownRows()).hasSize(3);
        assertNoErrors();
    }

    @Test
    void anotherScriptDoesNotRun() throws IOException {
        Path page = mainExample();
        String changed =
                Files.readString(page).replace("<h1>", "<script>document.title='broken'</script><img src='x.png'><h1>");
        show(Files.writeString(directory.resolve("changed.html"), changed));

        assertThat(browser().getTitle()).isEqualTo("Recording");
        assertThat(browser().manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                .hasSize(2)
                .allMatch(message -> message.contains("Content Security Policy"));
    }
}
