// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Reads the POMs: what is published, what it says about itself, and that the bill of materials has all of it and nothing else. */
class PublishedModulesTest {
    private static final Pom ROOT = Pom.read("");
    private static final Pom BOM = Pom.read("modules/bom");
    private static final String CONTRIBUTORS = "The Ockam for Akka contributors";

    /** As in Maven and as in Gradle. */
    private static final Pattern OUR_VERSION =
            Pattern.compile("ockam-\\w+(?:</artifactId>\\s*<version>|:)([0-9][\\w.-]*)");

    private record Pom(String directory, Document document) {
        static Pom read(String directory) {
            Path file = Pages.ROOT.resolve(directory).resolve("pom.xml");
            try {
                return new Pom(
                        directory,
                        DocumentBuilderFactory.newDefaultInstance()
                                .newDocumentBuilder()
                                .parse(file.toFile()));
            } catch (Exception e) {
                throw new AssertionError(file + " cannot be read", e);
            }
        }

        List<String> texts(String path) {
            try {
                NodeList found = (NodeList) XPathFactory.newDefaultInstance()
                        .newXPath()
                        .evaluate("/project/" + path, document, XPathConstants.NODESET);
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < found.getLength(); i++) {
                    texts.add(found.item(i).getTextContent().strip());
                }
                return texts;
            } catch (XPathExpressionException e) {
                throw new AssertionError(path, e);
            }
        }

        String text(String path) {
            return String.join(" and ", texts(path));
        }

        boolean isPublished() {
            return !text("properties/maven.deploy.skip").equals("true");
        }

        @Override
        public String toString() {
            return directory;
        }
    }

    private static List<Pom> modules() {
        return ROOT.texts("modules/module").stream().map(Pom::read).toList();
    }

    @Test
    void billOfMaterialsHasAllPublishedModulesAndNoOthers() {
        assertThat(BOM.texts("dependencyManagement/dependencies/dependency/artifactId"))
                .isEqualTo(modules().stream()
                        .filter(module ->
                                module.isPublished() && !module.directory().equals(BOM.directory()))
                        .map(module -> module.text("artifactId"))
                        .toList())
                .contains("ockam-vault", "ockam-channel", "ockam-testkit")
                .doesNotContain("ockam-fixtures", "ockam-examples", "ockam-interop", "ockam-benchmarks", "ockam-tests");
        assertThat(BOM.texts("dependencyManagement/dependencies/dependency/version"))
                .containsOnly("${project.version}");
    }

    /** Otherwise who imports it would get all that the parent manages, such as the libraries of our tests. */
    @Test
    void billOfMaterialsIsPublishedWithoutItsParent() {
        assertThat(BOM.texts("build/plugins/plugin/artifactId")).contains("flatten-maven-plugin");
        assertThat(BOM.text("build/plugins/plugin//flattenMode")).isEqualTo("bom");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void modulesSayWhatTheyAreAndWhetherTheyArePublished(Pom module) {
        String skipped = module.isPublished() ? "" : "true";

        assertThat(module.text("artifactId")).startsWith("ockam-");
        assertThat(module.text("name")).startsWith("Ockam for Akka: ");
        assertThat(module.text("description")).endsWith(module.isPublished() ? "." : "; not published.");
        assertThat(module.text("properties/maven.source.skip")).isEqualTo(skipped);
        assertThat(module.text("properties/maven.javadoc.skip")).isEqualTo(skipped);
    }

    /** Maven hands these down to the modules; with an address, it would add the module's name unless told not to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "description",
                "url",
                "inceptionYear",
                "organization/name",
                "licenses/license/name",
                "licenses/license/url",
                "scm/connection",
                "scm/developerConnection",
                "scm/url"
            })
    void parentSaysWhatRepositoriesAskFor(String path) {
        assertThat(ROOT.text(path)).isNotEmpty();
        assertThat(modules())
                .allSatisfy(module -> assertThat(module.texts(path))
                        .as(module.directory())
                        .hasSize(path.equals("name") || path.equals("description") ? 1 : 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@child.project.url.inherit.append.path",
                "scm/@child.scm.connection.inherit.append.path",
                "scm/@child.scm.developerConnection.inherit.append.path",
                "scm/@child.scm.url.inherit.append.path"
            })
    void modulesHaveTheAddressesOfTheProject(String attribute) {
        assertThat(ROOT.text(attribute)).isEqualTo("false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/installation.md"})
    void pagesNameTheVersionOfTheBuild(String page) throws IOException {
        String text = Files.readString(Pages.ROOT.resolve(page));

        assertThat(OUR_VERSION.matcher(text).results().map(found -> found.group(1)))
                .isNotEmpty()
                .containsOnly(ROOT.text("version"));
    }

    @Test
    void installationNamesTheVersionsThatAreTested() throws IOException {
        assertThat(Files.readString(Pages.ROOT.resolve("docs/installation.md")))
                .contains("<version>" + ROOT.text("properties/logback.version") + "</version>")
                .contains("`akka-bom_2.13` in version " + ROOT.text("properties/akka.version"))
                .contains("<artifactId>junit-jupiter</artifactId>\n      <version>"
                        + ROOT.text("properties/junit.version") + "</version>");
    }

    @Test
    void namesNoPersons() {
        assertThat(ROOT.texts("developers/developer/name | /project/developers/developer/organization"))
                .isEqualTo(List.of(CONTRIBUTORS, CONTRIBUTORS));
    }
}
