"""The templates with which a sandbox begins: they show what templates are for."""

from webapp.library import Library
from webapp.prepared.areas import Area
from webapp.prepared.boxes import SEALED, Asked, Fixed, Made
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, Option, Pattern, YesNo
from webapp.prepared.templates import PreparedVariable, Template
from webapp.store.events import SLIPWAY

COUNTRY = Question(
    "country",
    "Country",
    help="The country whose orders are counted.",
    rule=Choices((Option("Poland", "Poland"), Option("Germany", "Germany"), Option("Spain", "Spain"))),
)
SINCE = Question("since", "First day", help="Orders from this day on are counted.", rule=Day())
MAIL = Question("mail", "Mail the figures to finance", rule=YesNo("yes", "no"), required=False)
REPORT = Template(
    name="Nightly report",
    purpose="Counts the orders of one country, each time the pipeline has run, and can mail the figures to finance.",
    areas=(Area("buddy", "company-website"),),
    boxes={
        "name": Made("Report {country}"),
        "image_source": Fixed("public"),
        "docker_image_name": Fixed("library/python"),
        "docker_image_tag": Fixed("3.12"),
        "inline_commands": Fixed('python report.py --country "$COUNTRY" --since "$SINCE" --mail "$MAIL"'),
        "timeout": Fixed("600"),
    },
    variables=(
        PreparedVariable("COUNTRY", Asked(COUNTRY)),
        PreparedVariable("SINCE", Asked(SINCE)),
        PreparedVariable("MAIL", Asked(MAIL)),
    ),
)
DATABASE = Question(
    "database", "Database", rule=Choices((Option("orders", "Orders"), Option("customers", "Customers")))
)
DAYS = Question(
    "days",
    "Days to keep it",
    help="Older backups are deleted.",
    example="14",
    default="14",
    rule=Pattern("[1-9][0-9]?", "a number from 1 to 99"),
)
BACKUP = Template(
    name="Database backup",
    purpose="Copies a database to the backup server. The passwords are kept here, so you don't need them.",
    areas=(Area("buddy", "company-website", 2),),
    boxes={
        "name": Made("Backup of {database}"),
        "image_source": Fixed("credentials"),
        "docker_image_name": Fixed("operations/backup"),
        "docker_image_tag": Fixed("2.4"),
        "registry": Fixed("registry.example.com"),
        "login": Fixed("slipway"),
        "password": SEALED,
        "inline_commands": Fixed('backup --database "$DATABASE" --keep "$DAYS"'),
        "retry_count": Fixed("2"),
        "retry_interval": Fixed("60"),
    },
    variables=(
        PreparedVariable("DATABASE", Asked(DATABASE)),
        PreparedVariable("DAYS", Asked(DAYS)),
        PreparedVariable("BACKUP_PASSWORD", SEALED, encrypted=True),
    ),
)
NAME = Question("name", "Name of the action", example="Run tests", default="Run tests")
NODE = Question(
    "node",
    "Version of Node.js",
    default="22",
    rule=Choices((Option("20", "20"), Option("22", "22"), Option("24", "24"))),
)
TESTS = Template(
    name="Tests of a website",
    purpose="Installs what the website needs and runs its tests, in the version of Node.js that you choose.",
    boxes={
        "name": Asked(NAME),
        "image_source": Fixed("public"),
        "docker_image_name": Fixed("library/node"),
        "docker_image_tag": Asked(NODE),
        "inline_commands": Fixed("npm ci\nnpm test"),
    },
)
SAMPLES = (REPORT, BACKUP, TESTS)
# They open nothing: the sandbox asks nobody.
SECRETS = {"template:password": "of-the-sandbox", "template:variable:BACKUP_PASSWORD": "of-the-sandbox"}


def make_samples(library: Library) -> None:
    """Make those of them that were never made. Raises `JournalUnavailable`."""
    there = {each.template.name for each in library.all()}
    for template in SAMPLES:
        if template.name not in there:
            library.make(template, SECRETS, SLIPWAY)
