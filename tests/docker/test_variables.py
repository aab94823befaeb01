"""Variables: their names."""

import pytest

from webapp.docker.variables import VariableNameError, check_variable_name

RULE = "The name must be letters, digits and _ only, and not begin with a digit"


@pytest.mark.parametrize("name", ["A", "_", "a_1", "APP_ENV", "_9" * 1000])
def test_a_shell_name_is_taken(name: str) -> None:
    check_variable_name(name)


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A.B", "A B", "Ä", "A\n", "A=", "A\u0663"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(VariableNameError) as refused:
        check_variable_name(name)
    assert str(refused.value) == RULE
