# Copies the pages of the project, and the files that they link to, to a directory from which Sphinx can build the site.
import pathlib
import re
import shutil
import sys

source, target = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
pages = sys.stdin.read().split()
LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]+)\)")


def copy(file):
    """A link to a page or to a file stays; one to a directory, or to a file that browsers do not show, becomes text."""
    page = source / file

    def link(found):
        text, to = found.groups()
        if to.startswith(("https://", "#")):
            return found.group()
        linked = (page.parent / to.split("#")[0]).resolve()
        if linked.suffix == ".md" and linked.relative_to(source).as_posix() in pages:
            return found.group()
        if not linked.is_file() or linked.suffix in ("", ".md"):
            return text
        copied = target / linked.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(linked, copied)
        return found.group()

    copied = target / file
    copied.parent.mkdir(parents=True, exist_ok=True)
    copied.write_text(LINK.sub(link, page.read_text()))


for name in pages:
    copy(name)

with open(target / "README.md", "a") as readme:
    readme.write((source / "config/site/contents.md").read_text())

with open(target / "settings.md", "w") as settings:
    settings.write("# Settings\n\nAll settings, their defaults and what they mean: the `reference.conf` of each module.\n")
    for file in sorted(source.glob("modules/*/src/main/resources/reference.conf")):
        settings.write(f"\n## ockam-{file.relative_to(source).parts[1]}\n\n```hocon\n{file.read_text()}```\n")

(target / "javadoc.md").write_text(
    '# Javadoc\n\n<a href="api/index.html">The Javadoc</a> of all published modules.\n'
)
(target / "extra/index.html").write_text('<!DOCTYPE html><meta http-equiv="refresh" content="0; url=README.html">\n')
(target / "static/start.js").write_text("mermaid.initialize({startOnLoad: true});\n")
