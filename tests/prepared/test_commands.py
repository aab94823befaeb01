"""Commands that use answers: what is accepted never lets an answer change what is run, in real shells."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.prepared.commands import CommandUse, uses_in

SHELLS = [shell for shell in ("sh", "bash") if shutil.which(shell)]


def refusals(commands: str, *variables: str) -> list[tuple[int, str]]:
    return [(use.line, use.words) for use in uses_in(commands, variables or ("COUNTRY",)).unsafe]


ACCEPTED = [
    'report "$COUNTRY"',
    'report --country "${COUNTRY}" --since "$SINCE"',
    'report "orders-$COUNTRY.csv" > out.csv 2>&1',
    'report "${COUNTRY:-pl}"',
    'report "$COUNTRY" | tee report.txt | wc -l',
    'report "$COUNTRY" |\n  wc -l',
    'report \\\n  --country "$COUNTRY" \\\n  --all',
    'echo "COUNTRY is $COUNTRY" # for $COUNTRY',
    "echo 'It is about a COUNTRY'",
    'FILE="report-$COUNTRY.csv"\nreport --out "$FILE"',
    'TOTAL="$(report "$COUNTRY" | wc -l)"; echo "$TOTAL"',
    'export FILE="x-$COUNTRY"; export COUNTRY; report',
    'if [ "$COUNTRY" = pl ]; then report "$COUNTRY"; else report all; fi',
    'if [[ "$COUNTRY" == "pl" ]]; then report "$COUNTRY"; fi',
    'test -n "$COUNTRY" || exit 1',
    'case "$COUNTRY" in pl|de) report "$COUNTRY";; *) exit 1;; esac',
    'for each in pl "$COUNTRY"; do report "$each"; done',
    "printf '%s\\n' \"$COUNTRY\"",
    'python3 report.py "$COUNTRY"',
    'python -m team.report "$COUNTRY"',
    'bash ./report.sh "$COUNTRY"',
    'java -jar report.jar "$COUNTRY"',
    'timeout 600 report "$COUNTRY"',
    'sudo report "$COUNTRY"',
    'curl -sS "https://example.com/$COUNTRY"',
    'curl -sSL https://example.com/install.sh | bash\nreport "$COUNTRY"',
    'eval "$(ssh-agent -s)"\nreport "$COUNTRY"',
    'count=$((1 + 2)); while read -r line; do echo "$line"; done < list.txt; report "$COUNTRY"',
    "cat <<'END' > note.txt\nNothing $HOME here\nEND\nreport \"$COUNTRY\"",
    '( cd reports && report "$COUNTRY" )',
    'prepare() { mkdir -p reports; }\nprepare\nreport "$COUNTRY"',
    'set -euo pipefail\nreport "$COUNTRY"',
]


@pytest.mark.parametrize("commands", ACCEPTED)
def test_a_variable_in_double_quotes_is_an_argument(commands: str) -> None:
    assert refusals(commands, "COUNTRY", "SINCE") == []


REFUSED = [
    "report $COUNTRY",
    "report ${COUNTRY}",
    "report x$COUNTRY",
    "report '$COUNTRY'",
    'report "\\$COUNTRY"',
    "report \\$COUNTRY",
    '"$COUNTRY"',
    '"$COUNTRY" x',
    'run-"$COUNTRY" x',
    '$TOOL "$COUNTRY"',
    'eval "report $COUNTRY"',
    "eval 'report \"$COUNTRY\"'",
    '\\eval "$COUNTRY"',
    'e"va"l "$COUNTRY"',
    'command eval "$COUNTRY"',
    'sh -c "report $COUNTRY"',
    "sh -c 'report \"$COUNTRY\"'",
    'bash -ec "$COUNTRY"',
    '/bin/bash -c "$COUNTRY"',
    'env sh -c "$COUNTRY"',
    'sudo -u root "$COUNTRY"',
    'timeout 5 "$COUNTRY"',
    'timeout 5 sh -c "$COUNTRY"',
    'exec "$COUNTRY"',
    'ssh host "report $COUNTRY"',
    'xargs -n1 "$COUNTRY"',
    'echo "$COUNTRY" | sh',
    'echo "$COUNTRY" | xargs report',
    'echo "$COUNTRY" | while read x; do $x; done',
    'echo "$COUNTRY" | tee x | bash',
    '{ echo "$COUNTRY"; } | sh',
    '( echo "$COUNTRY" ) | sh',
    '( echo "$COUNTRY" ) 2>&1 | sh',
    'for x in 1 2; do echo "$COUNTRY"; done | sh',
    'echo "$COUNTRY" | ( sh )',
    'echo "$COUNTRY" |\nsh',
    "env | sh",
    'echo $(report "$COUNTRY")',
    'echo `report "$COUNTRY"`',
    'echo "`report "$COUNTRY"`"',
    'echo "`report $COUNTRY`"',
    "x=$(printenv COUNTRY); report $(printenv COUNTRY)",
    "cat <<END\n$COUNTRY\nEND",
    "cat <<END\n${COUNTRY}\nEND",
    "cat <<END\n$(report \"$COUNTRY\")\nEND",
    "sh <<'END'\nreport \"$COUNTRY\"\nEND",
    'sh <<< "$COUNTRY"',
    'cat <<< "$COUNTRY"',
    'echo "${COUNTRY@P}"',
    'echo "${COUNTRY//a/b}"',
    'echo "${!COUNTRY}"',
    'echo "${#COUNTRY}"',
    "echo $((COUNTRY + 1))",
    "echo $[COUNTRY + 1]",
    "(( COUNTRY > 1 ))",
    "let x=COUNTRY",
    '[ "$COUNTRY" -eq 1 ]',
    '[ -v "$COUNTRY" ]',
    '[ "$COUNTRY" "$SINCE" ]',
    '[[ -v "$COUNTRY" ]]',
    '[[ "$COUNTRY" -eq 1 ]]',
    '[[ "$COUNTRY" =~ ^a ]]',
    'printf "$COUNTRY" x',
    "printf '%n' \"$COUNTRY\"",
    'printf -v "$COUNTRY" x',
    'unset "$COUNTRY"',
    'declare "$COUNTRY"',
    'read "$COUNTRY"',
    'set -- "$COUNTRY"; $1',
    'trap "$COUNTRY" EXIT',
    "trap 'report $COUNTRY' EXIT",
    'cd "$COUNTRY"; ./run',
    '. "$COUNTRY"',
    'source "$COUNTRY"',
    'PATH="$COUNTRY:$PATH"',
    'LD_PRELOAD="$COUNTRY" report',
    'FILE="x$COUNTRY"; report $FILE',
    'A="$COUNTRY"; B="$A"; eval "$B"',
    'for each in "$COUNTRY"; do $each; done',
    'for each in "$COUNTRY"; do report $each; done',
    'for PATH in "$COUNTRY"; do report; done',
    'case x in "$COUNTRY") report;; esac',
    'case $COUNTRY in x) report;; esac',
    'show() { $1; }\nshow "$COUNTRY"',
    'function show { $1; }\nshow "$COUNTRY"',
    'echo "$COUNTRY"; $_',
    'report "$COUNTRY" > "$COUNTRY"',
    'report < "$COUNTRY"',
    'echo "$COUNTRY" > run.sh; sh run.sh',
    'echo "$COUNTRY" > run.sh; chmod +x run.sh; ./run.sh',
    'echo "$COUNTRY" | tee run.sh > /dev/null; . ./run.sh',
    'echo "$COUNTRY" > x; read line < x; $line',
    'echo "$COUNTRY" > x; while read l; do $l; done < x',
    'echo "$COUNTRY" > x; report $(cat x)',
    'report <(echo "$COUNTRY")',
    'exec > x; echo "$COUNTRY"; sh x',
    'time -p eval "$COUNTRY"',
    'time { eval "$COUNTRY"; }',
    'gosu user sh -c "report $COUNTRY"',
    'with-secrets bash -c "$COUNTRY"',
    'declare -i n; n="$COUNTRY"',
    'local -n name; name="$COUNTRY"',
    'echo "$COUNTRY" > "$FILE"; sh out.sh',
    'echo "$COUNTRY" > out.sh; sh *.sh',
    'echo "$COUNTRY" > out.sh; cat ./out.* | sh',
    "sh -c \"$(tr '\\0' '\\n' < /proc/self/environ)\"",
    'cat /proc/self/environ | sh',
    'echo "$COUNTRY" | tee >(sh)',
    'sh <(echo "$COUNTRY")',
    '. <(env)',
    'exec 3> x; echo "$COUNTRY" >&3; sh x',
    '{ echo "$COUNTRY"; } > x; sh x',
    '( echo "$COUNTRY" ) > x; sh x',
    'for i in 1; do echo "$COUNTRY"; done > x; sh x',
    'show() { echo "$COUNTRY"; }; show > x; sh x',
    'show() { echo "$COUNTRY"; }; show | sh',
    'report $(show) && show() { echo "$COUNTRY"; }',
    'find . -name "$COUNTRY"',
    'sed "s/x/$COUNTRY/" file',
    'awk -v c="$COUNTRY" 1',
    'python -c "print($COUNTRY)"',
    '/usr/bin/python3.12 -c "print($COUNTRY)"',
    'bash-5.2 -c "$COUNTRY"',
    "python3 -c 'import os; os.system(os.environ[\"COUNTRY\"])'",
    'python - "$COUNTRY" < program.py',
    'python -m timeit "$COUNTRY"',
    'node -e "$COUNTRY"',
    "alias report='sh -c'\nreport \"$COUNTRY\"",
    "name=COUNTRY; eval echo \\$$name",
    'for name in COUNTRY; do eval "echo \\$$name"; done',
    "report \"$COUN\\\nTRY\" $COUN\\\nTRY",
    "ev\\\nal \"$COUNTRY\"",
    'report $"$COUNTRY"',
    "report $'x' \"$COUNTRY\"",
    'report "$COUNTRY" &> out',
    'list=("$COUNTRY"); report',
    'report "$COUNTRY',
    "report '$COUNTRY",
    'echo "$(report "$COUNTRY"',
    "cat <<END\n\"$COUNTRY\"",
    'echo "$(case x in x) echo "$COUNTRY";; esac)"',
]  # fmt: skip


@pytest.mark.parametrize("commands", REFUSED)
def test_what_an_answer_could_change_is_refused_to_the_maker(commands: str) -> None:
    assert refusals(commands, "COUNTRY", "SINCE") != []


def test_the_words_name_the_line_and_what_to_do() -> None:
    assert refusals('echo begin\nreport $COUNTRY\nsh -c "report $COUNTRY"') == [
        (2, '$COUNTRY must be in double quotes: "$COUNTRY"'),
        (3, "sh must run a file that is named first, to be given an answer"),
    ]


def test_the_preview_can_show_where_an_answer_is_used() -> None:
    commands = 'echo begin\nreport "$COUNTRY" "$COUNTRY" "${SINCE}"\n  echo "$COUNTRY"'
    assert uses_in(commands, ["COUNTRY", "SINCE"]).found == (
        CommandUse("COUNTRY", 2, 'report "$COUNTRY" "$COUNTRY" "${SINCE}"'),
        CommandUse("SINCE", 2, 'report "$COUNTRY" "$COUNTRY" "${SINCE}"'),
        CommandUse("COUNTRY", 3, 'echo "$COUNTRY"'),
    )


def test_commands_that_use_no_answer_are_nobodys_business() -> None:
    assert refusals("eval $(curl example.com); ((x)); 'open") != []
    assert uses_in("eval $(curl example.com); ((x)); 'open", []).unsafe == ()


SEEDS = [
    "",
    " ",
    "pl",
    "a b",
    "-n",
    "--",
    "-rf /",
    "*",
    "~",
    "$HOME",
    "${HOME}",
    "\\",
    "\\n",
    "'",
    '"',
    "''",
    '""',
    "`id`",
    "$(id)",
    "$((1+1))",
    "; id",
    "&& id",
    "| id",
    "|| id",
    "& id",
    "> x",
    "< x",
    "<(id)",
    "(id)",
    "{a,b}",
    "[a-z]",
    "!",
    "#x",
    "a\nb",
    "\n",
    "\t",
    "a=b",
    "=",
    "%s",
    "%n",
    "é",
    "🙂",
    "x'y\"z",
    "'; id; '",
    '"; id; "',
    "$",
    "$$",
    "a[$(id)]",
    "$'x'",
    "'$(id)'",
]
ANSWERS = list(dict.fromkeys([*SEEDS, *(f"{one}{two}" for one in SEEDS[13:27] for two in SEEDS[10:27])]))[:220]
FORMS = [
    """printf '%s\\0' "${}" """,
    """printf '%s\\0' "${{{}}}" """,
    """if [ "${}" != " never" ]; then printf '%s\\0' "${}"; fi""",
    """case "${}" in never) exit 1;; *) printf '%s\\0' "${}";; esac""",
    """COPY="${}"; printf '%s\\0' "$COPY" """,
    """for each in "${}"; do printf '%s\\0' "$each"; done""",
    """WHOLE="$(printf '%s_' "${}")"; printf '%s\\0' "$WHOLE" """,
    """printf '%s\\0' "${}" | cat""",
    """PASSED="${}" sh ./show.sh "${}" """,
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("form", FORMS)
def test_each_of_200_answers_arrives_as_one_value(shell: str, form: str, tmp_path: Path) -> None:
    assert len(ANSWERS) >= 200
    names = {f"A{number}_": answer for number, answer in enumerate(ANSWERS)}
    script = "\n".join(form.format(name, name) for name in names) + "\n"
    assert refusals(script, *names) == []
    tmp_path.joinpath("show.sh").write_text("printf '%s\\0' \"$1\"\n")
    environment = {**names, "PATH": os.environ["PATH"]}
    done = subprocess.run([shell, "-c", script], env=environment, cwd=tmp_path, capture_output=True, check=True)
    arrived = [value.removesuffix("_") for value in done.stdout.decode().split("\0")[:-1]]
    assert arrived == ANSWERS


USED = [
    '"$ANSWER"',
    "$ANSWER",
    '"${ANSWER}"',
    "'$ANSWER'",
    '"x$ANSWER"',
    "\\$ANSWER",
    '"$(echo "$ANSWER")"',
    "$(echo $ANSWER)",
    '`echo "$ANSWER"`',
    '"${ANSWER:-pl}"',
    '"$COPY"',
    "$COPY",
    '"$1"',
    "$each",
    '"$each"',
    "fixed",
]
PARTS = [
    "echo {}",
    "echo {}",
    "echo {} {}",
    "eval {}",
    "sh -c {}",
    "{}",
    "COPY={}",
    "COPY={}",
    "echo {} | sh",
    "echo {} | cat",
    "echo {} > out.sh",
    "sh out.sh",
    ". ./out.sh",
    "for each in {}; do echo {}; done",
    "[ {} = x ]",
    "[ {} -eq 1 ]",
    "[[ -v {} ]]",
    "[[ {} == x ]]",
    "[[ {} -eq 1 ]]",
    "test -v {}",
    "case {} in a) echo a;; *) echo {};; esac",
    "printf {} x",
    "printf '%s' {}",
    "printf '%d' {}",
    "echo $((ANSWER + 1))",
    "cat <<EOF\n{}\nEOF",
    "sh <<EOF\n{}\nEOF",
    "sh <<'EOF'\necho {}\nEOF",
    "echo {} | xargs -I% sh -c %",
    "f() {{ $1; }}",
    "f {}",
    "set -- {}",
    "$1",
    "trap {} EXIT",
    "read line < out.sh",
    "$line",
    "declare {}",
    "unset {}",
    "if echo {}; then $_; fi",
    "env sh -c {}",
    "timeout 5 sh -c {}",
    "export COPY={}",
    "(echo {})",
    "{{ echo {}; }}",
    "(echo {}) | sh",
    "mv out.sh other; sh other",
    "cp out.sh other",
    ". ./other",
    "echo {} >> out.sh",
    "$(cat out.sh)",
    'eval "$(cat out.sh)"',
    "printenv | sh",
    "while read each; do $each; done < out.sh",
    "# {}",
    "true",
    "exec 3> out.sh; echo {} >&3",
    "exec > out.sh",
    "{{ echo {}; }} > out.sh",
    "(echo {}) > out.sh",
    "f() {{ echo {}; }}; f > out.sh",
    "f | sh",
    "declare -i COPY",
    "time {{ eval {}; }}",
    "time -p sh -c {}",
    "echo {} | tee >(sh)",
    "sh <(echo {})",
    'F=out.sh; echo {} > "$F"',
    "cat *.sh | sh",
    "for each in *.sh; do . ./$each; done",
    "cat out.sh > other",
    "sudo sh -c {}",
    "nice sh -c {}",
]
PAYLOADS = [
    "touch MARK",
    "$(touch MARK)",
    "`touch MARK`",
    "x; touch MARK",
    "x\ntouch MARK\n",
    'x"; touch MARK; "',
    "'; touch MARK; '",
    "a[$(touch MARK)]",
    "-va[$(touch MARK)]",
    "a[$(touch MARK)]=1",
]
part = st.builds(
    lambda form, first, second: form.format(first, second), st.sampled_from(PARTS), *[st.sampled_from(USED)] * 2
)
scripts = st.builds(
    lambda parts, joins: "".join(f"{one}{join}" for one, join in zip(parts, joins, strict=True)),
    st.lists(part, min_size=4, max_size=4),
    st.lists(st.sampled_from(["\n", "\n", "; ", " && ", " | "]), min_size=3, max_size=3).map(
        lambda joins: [*joins, "\n"]
    ),
)


def run_everywhere(script: str) -> list[str]:
    """Which of the answers were run by a shell."""
    found = []
    for shell in SHELLS:
        for payload in PAYLOADS:
            with TemporaryDirectory() as folder:
                environment = {"ANSWER": payload, "PATH": os.environ["PATH"]}
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
                subprocess.run([shell, "-c", script], env=environment, cwd=folder, timeout=60, check=False, **quiet)
                found += [payload] if Path(folder, "MARK").exists() else []
    return found


@given(scripts)
@settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_what_is_accepted_never_runs_an_answer(script: str) -> None:
    if not refusals(script, "ANSWER"):
        assert run_everywhere(script) == []


def test_whoever_gives_an_answer_to_make_is_told_what_to_write_instead() -> None:
    ((_, words),) = refusals('make report COUNTRY="$COUNTRY"', "COUNTRY")
    assert 'write NAME="$NAME" make' in words
    assert refusals('COUNTRY="$COUNTRY" make report', "COUNTRY") == []
