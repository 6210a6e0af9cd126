"""Alert rules and dashboard against the metrics that the service really gives."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from dagvandebuurt.frontdoor.metrics import METRICS
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
NAME = re.compile(r"\bdvb_[a-z_]+\b")
ENDINGS = ("_bucket", "_sum", "_count")
# Read where there is a Redis, or made by the first event, login failure or turn of a serving process.
NOT_IN_A_TEST = {
    "dvb_redis_up", "dvb_live_acknowledged_seconds_bucket", "dvb_live_failures_total",
    "dvb_live_turned_timestamp_seconds", "dvb_login_failures_total", "dvb_job_ran_timestamp_seconds",
}  # fmt: skip


def rules():
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels():
    return json.loads((DEPLOY / "grafana-dashboard.json").read_text())["panels"]


def expressions():
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def family(name):
    return next((name.removesuffix(end) for end in ENDINGS if name.removesuffix(end) in METRICS), name)


def test_every_metric_that_is_used_exists_and_every_metric_is_used(make):
    used = {name for expression in expressions() for name in NAME.findall(expression)}
    browser = make.browser()
    browser.get("/healthz")  # a first request, to be counted
    said = set(re.findall(r"^(dvb_[a-z_]+)", browser.get("/metrics").text, re.MULTILINE))

    assert used - said - NOT_IN_A_TEST == set()
    assert {family(name) for name in used} == set(METRICS)


def test_labels_that_are_used_exist(make):
    browser = make.browser()
    browser.get("/healthz")
    text = browser.get("/metrics").text
    labels = {
        "le",
        "status",
        "route",
        "method",
        "event",
        "kind",
        "name",
        "loop",
        "job",
        "instance",
        "severity",
    }
    for expression in expressions():
        by = [
            each.strip() for found in re.findall(r"by \(([^)]*)\)", expression) for each in found.split(",")
        ]
        asked = re.findall(r"[{,]\s*([a-z_]+)\s*[=!]", expression)
        assert set(by) | set(asked) <= labels, expression
    assert 'dvb_requests_total{method="GET",route="frontdoor.alive",status="200"}' in text


def test_every_alert_says_how_bad_it_is_and_what_it_means():
    names = [rule["alert"] for rule in rules()]

    assert len(set(names)) == len(names) > 10
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert len(rule["annotations"]["summary"].split()) > 3
        assert rule["labels"]["severity"] != "page" or rule["annotations"].get("action")


def test_a_night_job_of_the_rules_is_a_job(app):
    from dagvandebuurt.parts import jobs

    named = {name for expression in expressions() for name in re.findall(r'name="([a-z_]+)"', expression)}
    assert named == {"tidy"}
    assert named <= set(jobs._jobs)


def test_panels_stand_beside_each_other_and_read_one_data_source():
    taken = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["datasource"]["uid"] == "${datasource}"


def test_promtool_accepts_rules_expressions_and_output(make, tmp_path):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("no promtool here")

    def check(*arguments, **more):
        return subprocess.run([promtool, *arguments], capture_output=True, text=True, check=False, **more)

    assert check("check", "rules", DEPLOY / "alerts.yml").returncode == 0
    expressions_of_panels = [target["expr"] for panel in panels() for target in panel["targets"]]
    drawn = [
        {"record": f"dvb:panel:{number}", "expr": each.replace("$__rate_interval", "5m")}
        for number, each in enumerate(expressions_of_panels)
    ]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": drawn}]}))
    found = check("check", "rules", path)
    assert found.returncode == 0, found.stderr
    said = check("check", "metrics", input=make.browser().get("/metrics").text)
    assert "error" not in said.stderr
    path.write_text(yaml.safe_dump(unit_tests()))
    found = check("test", "rules", path)
    assert found.returncode == 0, found.stdout + found.stderr


def unit_tests():
    """Each of these alerts fires on what it is for, and the last one on nothing."""

    def case(alert, fires, **series):
        written = [{"series": name, "values": values} for name, values in series.items()]
        labels = {rule["alert"]: rule for rule in rules()}
        exp = [{"exp_labels": labels[alert]["labels"], "exp_annotations": labels[alert]["annotations"]}]
        return {
            "interval": "1m", "input_series": written,
            "alert_rule_test": [{"eval_time": "30m", "alertname": alert, "exp_alerts": exp if fires else []}],
        }  # fmt: skip

    failing = {
        'dvb_requests_total{status="500",route="x"}': "0+10x30",
        'dvb_requests_total{status="200",route="x"}': "0+100x30",
    }
    return {
        "rule_files": [str(DEPLOY / "alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [
            case("JobsStandStill", True, dvb_jobs_idle_seconds="0+60x30"),
            case("JobsStandStill", False, dvb_jobs_idle_seconds="20x30"),
            case("MailWaits", True, dvb_mail_oldest_seconds="0+60x30"),
            case("PumpStandsStill", True, **{'dvb_live_turned_timestamp_seconds{loop="pump"}': "60x30"}),
            case("PagesFail", True, **failing),
            case("NightDidNotRun", False, **{'dvb_job_ran_timestamp_seconds{name="tidy"}': "0x30"}),
            case("RedisAway", True, dvb_redis_up="0x30"),
            case("RedisAway", False, dvb_mail_waiting="0x30"),
        ],
    }
