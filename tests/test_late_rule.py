"""URL rules of the pages: the functions that build URLs are compiled when a page first needs them."""

import pytest
from werkzeug.routing import Map, Rule

from kiosk.bare_app import LateRule, bare_app
from kiosk.config import Config


def _built(rule_class: type[Rule]) -> list[str]:
    urls = Map([rule_class("/", endpoint="start"), rule_class("/form/<step>/<int:number>", endpoint="form")]).bind("x")
    values: dict[str, object] = {"step": "người khai", "number": 7}
    return [
        urls.build("start"),
        urls.build("start", {"again": "1", "rule": "2"}),
        urls.build("form", values),
        urls.build("form", values),
        urls.build("form", values | {"lang": "en"}),
        urls.build("form", values | {"lang": "en"}, append_unknown=False),
    ]


def test_a_rule_builds_the_urls_of_werkzeug() -> None:
    assert _built(LateRule) == _built(Rule)


def test_no_rule_is_compiled_before_its_first_url(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_builder = Rule._compile_builder

    def counted(rule: Rule, append_unknown: bool = True) -> object:
        compiled.append(rule.rule)
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", counted)
    app = bare_app(config)
    app.add_url_rule("/alive", "alive", lambda: "")
    assert compiled == []
    with app.test_request_context():
        assert [app.url_for("alive"), app.url_for("alive")] == ["/alive", "/alive"]
    assert compiled == ["/alive"]
