"""Reading HTML as browsers do, and holding it to the strict grammar."""

from xml.etree.ElementTree import Element, TreeBuilder

# What `markupever` shows of a tree is a wrapper for each node, which takes three times as long as what is in it.
from markupever import _rustlib as rust

HTML = "http://www.w3.org/1999/xhtml"


def parse(html: str, strict: bool = True) -> Element:
    """Read a page; its elements go by their names, those of another namespace behind it in braces.

    A `strict` one that breaks the grammar (https://html.spec.whatwg.org/#parse-errors) fails.
    """
    parser = rust.Parser(rust.HtmlOptions(exact_errors=strict))
    parser.process(html)
    parser.finish()
    assert not (strict and parser.errors()), "\n".join(parser.errors())
    builder = TreeBuilder()
    depth = 0
    for node, left in rust.iter.Traverse(parser.into_dom().root()):
        if isinstance(node, rust.Element):
            depth += -1 if left else 1
            if left:
                builder.end(tag_of(node))
            else:
                builder.start(tag_of(node), {name.local: value for name, value in node.attrs.items()})
        elif isinstance(node, rust.Text) and depth and not left:
            builder.data(node.content)
    return builder.close()


def tag_of(node: rust.Element) -> str:
    name = node.name
    return name.local if name.ns == HTML else f"{{{name.ns}}}{name.local}"
