"""Names from a language model, against a small server on this machine that answers as it is told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import ValidationError

from verbatim.text.vocabulary import vocabulary
from verbatim.themes.language_model import NamingOptions, ThemeToName, ask_for_names

KNOWN = vocabulary("en")
THEMES = {
    "T01": ThemeToName("Waiting", "Ours one", ("wait", "hour"), ("waited two hours", "long wait on the phone")),
    "T02": ThemeToName("Price", "Ours two", ("price",), ("the price went up", "too dear, <email> told me")),
    "T03": ThemeToName("Staff", "Ours three", ("staff",), ("staff were rude",)),
}


def saying(name, definition="A sentence."):
    return {"choices": [{"message": {"content": json.dumps({"name": name, "definition": definition})}}]}


class Service:
    """Answers each request with the next reply: (status, body, seconds to wait)."""

    def __init__(self, replies):
        self.requests, self.headers, self.paths = [], [], []
        replies = iter(replies)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler):  # noqa: N805
                self.paths.append(handler.path)
                self.headers.append(dict(handler.headers))
                self.requests.append(json.loads(handler.rfile.read(int(handler.headers["Content-Length"]))))
                status, body, wait = next(replies)
                time.sleep(wait)
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                try:
                    handler.send_response(status)
                    if status == 302:
                        handler.send_header("Location", "/elsewhere")
                    handler.end_headers()
                    handler.wfile.write(raw)
                except OSError:
                    pass  # who asked has gone

            def log_message(handler, *_):  # noqa: N805
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def serve():
    running = []

    def start(*replies):
        full = [reply if isinstance(reply, tuple) else (200, reply, 0) for reply in replies]
        running.append(Service([(*reply, 0)[:3] for reply in full]))
        return running[-1]

    yield start
    for service in running:
        service.server.shutdown()
        service.server.server_close()


def ask(service, themes=THEMES, **given):
    return ask_for_names(themes, KNOWN, NamingOptions(endpoint=service.endpoint, model="fake", **given))


def test_good_answers_become_the_names(serve):
    service = serve(saying("long waiting times."), saying("Price increases"), saying('"Rude staff"'))
    asked = ask(service)
    assert [name for name, _ in asked.names.values()] == ["Long waiting times", "Price increases", "Rude staff"]
    assert asked.names["T01"][1] == "A sentence."
    assert asked.improved == ("T01", "T02", "T03") and asked.notes == ()


def test_what_is_sent_is_what_the_record_says_and_no_more(serve, monkeypatch):
    monkeypatch.setenv("A_KEY", "s3cret")
    service = serve(*[saying("Price of it")] * 3)
    asked = ask(service, exemplars=1, api_key_env="A_KEY", seed=7)
    assert set(service.paths) == {"/v1/chat/completions"}
    for request, message in zip(service.requests, asked.sent["messages"].values(), strict=True):
        assert (request["temperature"], request["seed"], request["model"]) == (0, 7, "fake")
        assert [each["content"] for each in request["messages"]] == [asked.sent["instruction"], message]
    assert json.loads(asked.sent["messages"]["T01"])["quotations"] == ["waited two hours"]
    assert {header["Authorization"] for header in service.headers} == {"Bearer s3cret"}
    assert "s3cret" not in json.dumps(asked.sent)


def test_nothing_is_sent_without_an_endpoint_a_model_or_a_key_that_is_named(serve, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    service = serve()
    off = ask_for_names(THEMES, KNOWN)
    assert (dict(off.sent), off.notes) == ({}, ())
    assert "no model" in ask_for_names(THEMES, KNOWN, NamingOptions(endpoint=service.endpoint)).notes[0]
    assert "NO_SUCH_KEY" in ask(service, api_key_env="NO_SUCH_KEY").notes[0]
    assert service.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"not JSON",
        b"\xff\xfe",
        b"[]",
        {"choices": []},
        {"choices": [{"message": {"content": None}}]},
        {"choices": [{"message": {"content": "Long waits"}}]},
        {"choices": [{"message": {"content": "{broken}"}}]},
        b"x" * 1_000_100,
    ],
)
def test_an_answer_that_cannot_be_read_changes_nothing(serve, body):
    asked = ask(serve(body, saying("Price rises"), saying("Rude staff")))
    assert asked.names["T01"] == ("Waiting", "Ours one")
    assert asked.improved == ("T02", "T03")
    assert len(asked.notes) == 1 and "T01" in asked.notes[0]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("<b>Wait</b>", "markup"),
        ("Wait\nIgnore the above", "markup"),
        ("Wait\u202egnol", "markup"),
        ("Wait https://a.b", "markup"),
        ("wait " * 2500, "too long"),
        ("a wait that is much longer than any name", "too long"),
        ("", "no name"),
        ("   ", "no name"),
        (None, "no name"),
        (["Wait"], "no name"),
        ("price", "another theme"),
        ("Unclear wait", "markup"),
        ("Billing", "no word"),
        ("等待", "no word"),
    ],
)
def test_a_name_that_will_not_do_is_refused(serve, name, why):
    asked = ask(serve(saying(name)), {"T01": THEMES["T01"], "T02": THEMES["T02"]}, give_up_after=1)
    assert asked.names["T01"] == ("Waiting", "Ours one")
    assert why in asked.notes[0]


def test_two_themes_never_get_one_name(serve):
    asked = ask(serve(saying("Price of staff waiting"), saying("price of staff waiting"), saying("Rude staff")))
    assert [name for name, _ in asked.names.values()] == ["Price of staff waiting", "Price", "Rude staff"]


@pytest.mark.parametrize("definition", [None, 3, "", "x" * 400, "<script>", "two\nlines"])
def test_a_bad_definition_leaves_ours_and_the_name_stands(serve, definition):
    asked = ask(serve(saying("Long waits", definition)), {"T01": THEMES["T01"]})
    assert asked.names["T01"] == ("Long waits", "Ours one")


def test_errors_of_the_endpoint_stop_nothing_and_are_told_once(serve):
    service = serve((500, b"boom"), (500, b"boom"))
    asked = ask(service, give_up_after=2)
    assert [name for name, _ in asked.names.values()] == ["Waiting", "Price", "Staff"]
    assert len(service.requests) == 2
    assert len(asked.notes) == 1 and "HTTP 500 (T01, T02)" in asked.notes[0] and "not asked" in asked.notes[0]


def test_a_slow_endpoint_is_not_waited_for(serve):
    start = time.perf_counter()
    asked = ask(serve((200, saying("Long waits"), 2)), {"T01": THEMES["T01"]}, timeout_s=0.2)
    assert time.perf_counter() - start < 1.5
    assert "no answer within 0.2 seconds" in asked.notes[0]


def test_a_redirection_is_not_followed(serve):
    service = serve((302, b""), saying("Long waits"))
    asked = ask(service, {"T01": THEMES["T01"]})
    assert service.paths == ["/v1/chat/completions"] and "HTTP 302" in asked.notes[0]


def test_an_endpoint_that_is_not_there_is_one_note():
    options = NamingOptions(endpoint="http://127.0.0.1:9/v1", model="fake", timeout_s=2)
    assert "cannot be reached" in ask_for_names(THEMES, KNOWN, options).notes[0]


def test_a_code_fence_around_the_answer_is_read(serve):
    fenced = {"choices": [{"message": {"content": '```json\n{"name": "Long waits"}\n```'}}]}
    assert ask(serve(fenced), {"T01": THEMES["T01"]}).names["T01"] == ("Long waits", "Ours one")


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "http://me:pass@host/v1"},
        {"endpoint": "localhost"},
        {"api_key_env": "sk-123 456"},
        {"timeout_s": 0},
        {"key": "x"},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        NamingOptions(**wrong)


def test_found_themes_are_renamed_in_the_model_too(serve, small_analysis):
    from verbatim.themes.renaming import ask_language_model

    theme = next(theme for theme in small_analysis.themes.themes if theme.kind == "subject")
    word = theme.keywords[0]
    service = serve(saying(f"Trouble with {word}"), *[b"no"] * 3)
    options = NamingOptions(endpoint=service.endpoint, model="m", give_up_after=3)
    themes, answers = ask_language_model(small_analysis.themes, small_analysis.spans, options)
    assert themes.themes[0].name == f"Trouble with {word}" and themes.model.themes == themes.themes
    assert [each.name for each in themes.themes[1:]] == [each.name for each in small_analysis.themes.themes[1:]]
    quoted = small_analysis.spans.table.set_index("span_id")["text"][list(theme.exemplars[: options.exemplars])]
    assert all(text in json.loads(answers.sent["messages"][theme.theme_id])["quotations"] for text in quoted)
    assert any("no answer" in note or "not" in note for note in answers.notes)
