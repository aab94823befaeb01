"""Templates for tests: one as a team would make it, and any that Hypothesis thinks of."""

from hypothesis import strategies as st

from webapp.prepared.areas import EVERYWHERE, Area
from webapp.prepared.boxes import BOXES, SEALED, Asked, Fixed, Made
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, Length, Option, Pattern, YesNo
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

COUNTRY = Question(
    "country",
    "Country",
    help="The country whose orders are counted.",
    rule=Choices((Option("pl", "Poland"), Option("de", "Germany"))),
)
SINCE = Question("since", "First day", rule=Day(), required=False)
NOTE = Question("note", "Note", rule=FreeText(), variables_allowed=("BUDDY_PIPELINE_NAME",), required=False)

REPORT = Template(
    name="Nightly report",
    purpose="Counts the orders of one country and sends the figures to finance.",
    areas=(Area("buddy", "company-website"),),
    boxes={
        "name": Made("Report {country}"),
        "image_source": Fixed("credentials"),
        "docker_image_name": Fixed("team/report"),
        "docker_image_tag": Fixed("22.04"),
        "registry": Fixed("registry.example.com"),
        "login": Fixed("robot"),
        "password": SEALED,
        "inline_commands": Fixed('report --country "$COUNTRY" --since "$SINCE"\necho "$NOTE"'),
        "trigger_time": Fixed("ON_EVERY_EXECUTION"),
        "timeout": Fixed("600"),
        "ignore_errors": Fixed("true"),
    },
    variables=(
        PreparedVariable("COUNTRY", Asked(COUNTRY)),
        PreparedVariable("SINCE", Asked(SINCE)),
        PreparedVariable("NOTE", Asked(NOTE), description="Goes into the mail"),
        PreparedVariable("DB_PASSWORD", SEALED, encrypted=True),
    ),
    volumes=(PreparedVolume(Fixed("/"), Fixed("/buddy/app")),),
)

# What a database can keep, and so a template too.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
lines = st.text(
    st.one_of(
        st.sampled_from("\n\t \r'\"#:-|>&*!%@`{}[]"), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    ),
    max_size=40,
)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
rules = st.one_of(
    st.builds(Choices, st.lists(st.builds(Option, words, words), max_size=3).map(tuple)),
    st.builds(Pattern, words, words),
    st.builds(Length, st.integers(0, 9), st.integers(0, 65_536)),
    st.builds(YesNo, lines, lines),
    st.builds(Day, st.none() | st.dates(), st.none() | st.dates()),
    st.builds(FreeText, st.booleans()),
)
questions = st.builds(
    Question,
    keys,
    words,
    help=lines,
    example=lines,
    default=lines,
    rule=rules,
    variables_allowed=st.lists(words, max_size=2).map(tuple),
    required=st.booleans(),
)
fixed_or_asked = st.builds(Fixed, lines) | st.builds(Asked, questions)
uses = fixed_or_asked | st.just(SEALED) | st.builds(Made, lines)
areas = st.builds(Area, words.filter(bool)) | st.builds(
    Area, words.filter(bool), words.filter(bool), st.integers(0, 2**63 - 1)
)
templates = st.builds(
    Template,
    words,
    purpose=lines,
    areas=st.just((EVERYWHERE,)) | st.lists(areas, max_size=2).map(tuple),
    boxes=st.dictionaries(st.sampled_from(sorted(BOXES)), uses, max_size=6),
    variables=st.lists(
        st.builds(
            PreparedVariable,
            words,
            fixed_or_asked | st.just(SEALED),
            type=words,
            encrypted=st.booleans(),
            settable=st.booleans(),
            description=lines,
        ),
        max_size=3,
    ).map(tuple),
    volumes=st.lists(st.builds(PreparedVolume, fixed_or_asked, fixed_or_asked), max_size=2).map(tuple),
)
