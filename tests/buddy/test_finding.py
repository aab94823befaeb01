"""Finding the pipeline of an action, asked of the sandbox."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.buddy.client import Client
from webapp.buddy.finding import pipeline_of_action
from webapp.http.errors import NoAnswer, NotFound


@pytest.mark.parametrize(("action", "pipeline"), [(5, 2), (9, 3), (8, 4), (99, None)])
def test_the_pipeline_of_an_action_is_found_among_all_of_its_project(
    buddy: Client, action: int, pipeline: int | None
) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert pipeline_of_action(buddy, executor, "buddy", "company-website", action) == pipeline


@pytest.mark.parametrize(("action", "pipeline"), [(9, 3), (8, 4), (99, None)])
def test_it_is_looked_for_first_where_it_may_be_and_then_in_all_others(
    buddy: Client, action: int, pipeline: int | None
) -> None:
    known = [3, 999]
    with ThreadPoolExecutor(2) as executor:
        assert pipeline_of_action(buddy, executor, "buddy", "company-website", action, known) == pipeline


def test_a_search_that_takes_too_long_is_given_up(buddy: Client) -> None:
    with ThreadPoolExecutor(2) as executor, pytest.raises(NoAnswer):
        pipeline_of_action(buddy, executor, "buddy", "company-website", 99, seconds=-1)


def test_a_project_that_is_not_there_is_an_error(buddy: Client) -> None:
    with ThreadPoolExecutor(2) as executor, pytest.raises(NotFound):
        pipeline_of_action(buddy, executor, "buddy", "none", 5)
