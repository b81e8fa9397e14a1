"""A line of the log is one JSON object when the setting says so."""

import io
import json
import logging
import logging.config
import sys

from daihou.config import logs


def lines(form, deed):
    """What a logger set up this way writes, without touching the others."""
    made = logs.configuration(form=form, level="INFO")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = made["formatters"][form]
    handler.setFormatter(
        formatter["()"]()
        if "()" in formatter
        else logging.Formatter(formatter["format"], style=formatter["style"])
    )
    for name in made["handlers"]["stderr"]["filters"]:
        handler.addFilter(made["filters"][name]["()"]())
    logger = logging.getLogger("test")
    logger.setLevel("INFO")
    logger.addHandler(handler)
    try:
        deed(logger)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue().splitlines()


def test_json_lines_carry_the_request_and_what_was_added():
    token = logs._request_id.set("r-1")
    try:
        (line,) = lines(
            "json", lambda log: log.info("saw %s", "林", extra={"route": "loans/"})
        )
    finally:
        logs._request_id.reset(token)
    told = json.loads(line)
    assert told["message"] == "saw 林" and told["request_id"] == "r-1"
    assert told["route"] == "loans/" and told["level"] == "info"
    assert told["at"].endswith("+00:00") and "args" not in told


def test_a_failure_is_one_line_with_its_trace():
    def fail(log):
        try:
            raise ValueError("no\nway")
        except ValueError:
            log.exception("failed")

    (line,) = lines("json", fail)
    assert "ValueError: no\nway" in json.loads(line)["trace"]
    assert sys.exc_info() == (None, None, None)


def test_no_number_of_a_person_is_written_down():
    def fail(log):
        try:
            raise ValueError("no customer 11010519491231002X")
        except ValueError:
            log.exception("rang %s", "13800000007", extra={"route": "13900000001/"})

    for form in ("json", "line"):
        told = "\n".join(lines(form, fail))
        assert "110105********002X" in told and "138****0007" in told
        for number in ("11010519491231002X", "13800000007", "13900000001"):
            assert number not in told


def test_a_plain_line_has_the_request_too():
    assert lines("line", lambda log: log.warning("w")) == ["WARNING test - w"]


def test_the_whole_configuration_is_one_python_takes():
    kept = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logging.config.dictConfig(logs.configuration(form="json", level="INFO"))
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler.formatter, logs.AsJson)
    finally:
        logging.getLogger().handlers[:] = kept[0]
        logging.getLogger().setLevel(kept[1])
