"""Reading HTML as browsers do, and holding it to the strict grammar."""

from xml.etree.ElementTree import Element, SubElement

from markupever import HtmlOptions, Parser, dom

HTML = "http://www.w3.org/1999/xhtml"


def parse(html: str, strict: bool = True) -> Element:
    """Read a page; its elements go by their names, those of another namespace behind it in braces.

    A `strict` one that breaks the grammar (https://html.spec.whatwg.org/#parse-errors) fails.
    """
    parser = Parser(HtmlOptions(exact_errors=strict))
    parser.process(html)
    parser.finish()
    assert not (strict and parser.errors()), "\n".join(parser.errors())
    (root,) = (node for node in parser.into_dom().root().children() if isinstance(node, dom.Element))
    top = Element(name_of(root), attributes_of(root))
    waiting = [(root, top)]
    while waiting:
        node, element = waiting.pop()
        waiting.extend(fill(node, element))
    return top


def fill(node: dom.Element, element: Element) -> list[tuple[dom.Element, Element]]:
    """Put texts and elements into an element; gives those that are still to be filled."""
    inside: list[tuple[dom.Element, Element]] = []
    for child in node.children():
        if isinstance(child, dom.Element):
            inside.append((child, SubElement(element, name_of(child), attributes_of(child))))
        elif isinstance(child, dom.Text) and inside:
            last = inside[-1][1]
            last.tail = (last.tail or "") + child.content
        elif isinstance(child, dom.Text):
            element.text = (element.text or "") + child.content
    return inside


def name_of(node: dom.Element) -> str:
    name = node.name
    return name.local if name.ns == HTML else f"{{{name.ns}}}{name.local}"


def attributes_of(node: dom.Element) -> dict[str, str]:
    return {name.local: value for name, value in node.attrs.items()}
