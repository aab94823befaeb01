"""Texts that have broken programs, each kind with why it does."""

NAUGHTY: dict[str, tuple[str, ...]] = {
    "words that programs mean something by": (
        "null", "NULL", "nil", "None", "undefined", "NaN", "Infinity", "-Infinity", "true", "False", "yes", "no",
        "void", "self", "this", "constructor", "__proto__", "hasOwnProperty", "toString", "__class__", "con", "aux",
        "NUL", "COM1", "Scunthorpe", "O'Brien", "Null Island", "test test",
    ),
    "numbers in other clothes": (
        "0", "00", "-0", "1e309", "1E2", "0x1F", "0b11", "0o17", "1_000", "1,000.00", "1.", ".5", "٣", "９",
        "²", "Ⅳ",
        "9007199254740993", "9223372036854775808", "-9223372036854775809", "1/0", "$1,0", "012", "1 2", "--1",
        "+-2",
    ),
    "letters of many lands": (
        "Zażółć gęślą jaźń", "Füße", "Ελληνικά", "Привет", "שלום", "مرحبا", "नमस्ते", "สวัสดี", "안녕", "こんにちは",
        "東京", "Tiếng Việt", "ß ẞ ﬁ ﬂ", "İıiI", "ǅ", "Ångström Å Å", "e\u0301 é", "ﷺ", "﷽", "ꙮ", "𝒮𝓁𝒾𝓅𝓌𝒶𝓎",
        "𠜎𠜱", "Ｓｌｉｐｗａｙ",
    ),
    "pictures": ("🚀", "👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇵🇱🇩🇪", "1️⃣", "☠︎", "🫠", "❤️‍🔥"),
    "marks upon marks": ("Z͈̭̜̋ͤa̛̪l̷͎g̱̈o", "a" + "\u0300" * 40, "\u0301", "ก็็็็็็็็", "◌҉", "q̷"),
    "blanks of all widths": (
        " ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u200b", "\u2060", "\ufeff", "\u00ad",
        "\u180e",
        "a\u00a0b", " a ", "\u3000a\u3000", "a\u2028b", "a\u2029b", "\ufeffa", "a\u200bb", "a\u200db",
    ),
    "what no screen shows": (
        "a\x00b", "\x01", "a\x08b", "\x0b", "\x0c", "a\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x7f", "\x80",
        "a\x85b",
        "\x9b31m", "\ufffd", "\ufffe", "\uffff", "\U0001fffe", "\ufdd0", "\ue000", "\U000f0000", "\U0010ffff",
    ),
    "writing turned around": ("a\u202eb", "\u202dabc\u202c", "\u2066a\u2069", "\u200fa", "\u061c",
        "invoice\u202etxt.exe"),
    "markup": (
        "<b>bold</b>", "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "' onfocus=alert(1) autofocus='",
        "</textarea><script>alert(1)</script>", "</title><h1>x</h1>", "<!--", "-->", "<![CDATA[", "]]>",
        "&lt;", "&amp;amp;",
        "&#x3c;", "&#0;", "&nosuch;", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "data:text/html,x",
        "<a href=\"//example.com\">x</a>", "`${1}`", "{{7*7}}", "{% raw %}", "{#", "${7*7}", "#{7*7}",
        "<%= 7*7 %>", "*{7*7}",
        "<style>*{display:none}</style>", "<base href=//example.com>", "<form action=//example.com>",
    ),
    "what a shell makes of it": (
        "; rm -rf /", "$(reboot)", "`reboot`", "| cat", "&& true", "|| false", "> /dev/null", "$HOME",
        "${PATH}", "~", "*",
        "!!", "\\", "\\\\", "a\\", "'", "\"", "''", "\"\"", "a'b\"c", "%PATH%", "%s%n%x", "%", "%%", "%00",
        "%0d%0a", "--", "-rf",
        "--help", "@file", "#", "a #b", "<<EOF", "\\n", "\\x00", "\\u0000", "$'\\x41'", "(){ :;}; echo",
    ),
    "what a database makes of it": (
        "' OR 1=1 --", "1; DROP TABLE submissions", "'; SELECT pg_sleep(9)--",
        "Robert'); DROP TABLE secrets;--", "%_", "\\'",
        "admin'--", "\" OR \"\"=\"", "/* */", "NULL--", "x' AND 'x'='x",
    ),
    "what a header or a file name makes of it": (
        "a\r\nSet-Cookie: a=b", "a\r\n\r\n<h1>x</h1>", "../../etc/passwd", "..\\..\\windows", "/etc/passwd",
        "file:///etc/passwd",
        "C:\\", "\\\\host\\share", "a/./b", "a//b", ".", "..", "...", "a.", "a:b", "?a=b", "#fragment",
        "http://example.com",
        "//example.com", "mailto:a@example.com",
    ),
    "what a table program makes of it": (
        "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0",
        "\t=1", "\r=1", ";=1", ",", "\"",
    ),
    "what JSON makes of it": (
        "{", "}", "[", "]", "{\"a\":1}", "\"a\"", "[]", "{}", "null,", "\\ud800", "\\u2028", "1e", "//", "/**/",
    ),
    "length": ("x" * 5000, "é" * 2000, "🚀" * 1000, "x\n" * 500, " " * 999 + "x", "a" * 255, "a" * 256),
}  # fmt: skip
