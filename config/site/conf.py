# How Sphinx builds the site; see build.
import html

from docutils import nodes
from docutils.parsers.rst import Directive
from pygments.lexers.special import TextLexer

project = "Ockam for Akka"
root_doc = "README"
extensions = ["myst_parser"]
exclude_patterns = ["extra", "static"]
myst_heading_anchors = 6
myst_fence_as_directive = ["mermaid"]

html_theme = "furo"
html_title = project
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_static_path = ["static"]
html_extra_path = ["extra"]
html_js_files = ["mermaid.min.js", ("start.js", {"defer": "defer"})]


class Mermaid(Directive):
    """A diagram, which the browser draws."""

    has_content = True

    def run(self):
        text = html.escape("\n".join(self.content))
        return [nodes.raw("", f'<pre class="mermaid">{text}</pre>', format="html")]


def setup(app):
    app.add_directive("mermaid", Mermaid)
    app.add_lexer("hocon", TextLexer)
