"""The drawn pieces: reached by one global, named in one list, served in one sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string, url_for
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError

from flowapp.web import filters, ui

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES, CSS = ROOT / "templates", ROOT / "static" / "css"
MACROS = sorted(path.stem for path in (TEMPLATES / "ui").glob("*.html"))
SIGNATURE = re.compile(r"^(?:\{% macro )?(?P<call>(?P<name>\w+)\(.*?\))(?: -%\}|\s|$)", re.MULTILINE)

PLACE = {"label": "Runs", "href": "/workflows/executions/", "icon": "activity", "current": True, "count": 2}
FRAME = {
    "signed_in": True,
    "person_name": "Priya Shah",
    "role_label": "Manager",
    "home_name": "Glenfarrow House",
    "homes": (),
    "nav": (PLACE,),
    "bottom": (PLACE,),
    "flashes": (("error", "The email could not be sent."),),
    "csrf_token": "a'b\"<c",
    "sign_out_url": "/sign-out",
}


@pytest.fixture
def app() -> Flask:
    flask = Flask("flowapp", root_path=str(ROOT), template_folder="templates", static_folder="static")
    flask.jinja_env.undefined = StrictUndefined
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    ui.install(flask.jinja_env)
    filters.install(flask.jinja_env)
    ui.serve_assets(flask)
    return flask


def drawn(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context():
        return render_template_string(source, **values)


def test_a_macro_is_an_attribute_of_ui_and_escapes_what_it_is_given(app: Flask) -> None:
    assert "&lt;b&gt;" in drawn(app, "{{ ui.pill(word) }}", word="<b>")


def test_what_one_macro_drew_stays_markup_in_another(app: Flask) -> None:
    text = drawn(app, "{{ ui.cell('Status', ui.pill('Approved', 'good')) }}")
    assert '<span class="pill pill--good">' in text
    assert "&lt;" not in text


def test_a_macro_that_does_not_exist_is_told_by_name(app: Flask) -> None:
    with pytest.raises(UndefinedError, match="pilll"):
        drawn(app, "{{ ui.pilll('Approved') }}")


def test_a_macro_whose_own_file_is_broken_does_not_pass_for_a_missing_one(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "pill.html").write_text("{% macro pill( %}", encoding="utf-8")
    broken = Flask("broken", template_folder=str(tmp_path))
    ui.install(broken.jinja_env)
    with pytest.raises(TemplateSyntaxError):
        drawn(broken, "{{ ui.pill('Approved') }}")


def test_a_form_that_posts_cannot_forget_its_token(app: Flask) -> None:
    with pytest.raises(UndefinedError, match="csrf_token"):
        drawn(app, "{% call ui.form('/leave/') %}{% endcall %}")
    assert 'name="csrf_token" value="k1"' in drawn(app, "{% call ui.form('/leave/', 'k1') %}{% endcall %}")


def test_a_field_says_its_error_and_its_help_to_those_who_listen(app: Flask) -> None:
    text = drawn(app, "{{ ui.field('days', 'Days', help='A number.', error='Enter the days') }}")
    assert 'aria-describedby="days-help days-error"' in text
    assert 'aria-invalid="true"' in text


def test_a_password_is_never_written_back(app: Flask) -> None:
    assert "secret" not in drawn(app, "{{ ui.field('password', 'Password', value='secret', type='password') }}")


def test_an_error_summary_without_problems_draws_nothing(app: Flask) -> None:
    assert drawn(app, "{{ ui.error_summary(()) }}").strip() == ""


def test_the_frame_gives_htmx_the_token_whatever_signs_are_in_it(app: Flask) -> None:
    with app.test_request_context():
        page = render_template("errors/404.html", frame=FRAME)
    assert r"""hx-headers:inherited='{"X-CSRFToken": "a\u0027b\"\u003cc"}'""" in page
    assert "Page not found" in page


@pytest.mark.parametrize("name", ["403", "404", "422", "429", "500"])
def test_an_error_page_shows_no_code_and_needs_nothing_but_the_frame(app: Flask, name: str) -> None:
    with app.test_request_context():
        page = render_template(f"errors/{name}.html", frame=FRAME)
    words = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    assert name not in words


def test_the_plainest_error_page_needs_no_frame(app: Flask) -> None:
    with app.test_request_context():
        assert "Sorry, there is a problem with FlowApp" in render_template("errors/_plain.html")


def test_the_style_guide_needs_nothing_but_the_frame(app: Flask) -> None:
    with app.test_request_context():
        page = render_template("styleguide/index.html", frame=FRAME)
    named = set(re.findall(r"icons\.svg\?v=\w+#([\w-]+)", page))
    assert named <= icons(), f"not in static/img/icons.svg: {sorted(named - icons())}"


def test_every_icon_that_is_named_in_a_template_is_in_the_sprite() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r"""(?:ui\.icon\(|icon=|"icon": )"([\w-]+)\"""", text))
    assert named <= icons(), f"not in static/img/icons.svg: {sorted(named - icons())}"


def icons() -> set[str]:
    sprite = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    return set(re.findall(r'<symbol id="([\w-]+)"', sprite))


@pytest.mark.parametrize("name", MACROS)
def test_the_list_of_pieces_gives_each_macro_with_its_true_signature(name: str) -> None:
    source = (TEMPLATES / "ui" / f"{name}.html").read_text(encoding="utf-8")
    listed = (TEMPLATES / "ui" / "README.md").read_text(encoding="utf-8")
    true = next(found["call"] for found in SIGNATURE.finditer(source) if found["name"] == name)
    assert true in [found["call"] for found in SIGNATURE.finditer(listed)]


def test_the_joined_sheet_holds_every_sheet_and_asks_for_none() -> None:
    joined = ui.stylesheet(CSS / "app.css")
    assert "@import" not in joined
    for path in sorted(CSS.rglob("*.css")):
        if path.name != "app.css":
            assert path.read_text(encoding="utf-8") in joined, f"{path.name} is not in the list of app.css"


def test_a_sheet_is_joined_inside_its_layer(tmp_path: Path) -> None:
    (tmp_path / "pill.css").write_text(".pill {}\n", encoding="utf-8")
    (tmp_path / "app.css").write_text('@layer ui;\n@import url("pill.css") layer(ui);\n', encoding="utf-8")
    assert ui.stylesheet(tmp_path / "app.css") == "@layer ui;\n@layer ui {\n.pill {}\n}\n"


def test_the_sheet_is_sent_once_and_then_only_when_it_has_changed(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/static/css/app.css")
    assert first.mimetype == "text/css"
    assert "@import" not in first.text
    again = client.get("/static/css/app.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_other_static_files_are_served_as_they_are(app: Flask) -> None:
    with app.test_client().get("/static/img/favicon.svg") as response:
        assert response.data == (ROOT / "static/img/favicon.svg").read_bytes()


def test_the_address_of_a_sheet_changes_when_one_of_its_imports_does(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text('@import url("pill.css") layer(ui);\n', encoding="utf-8")
    (tmp_path / "pill.css").write_text(".pill {}\n", encoding="utf-8")
    before = ui.version(tmp_path / "app.css")
    (tmp_path / "pill.css").write_text(".pill { color: red }\n", encoding="utf-8")
    assert ui.version(tmp_path / "app.css") != before


def test_static_addresses_carry_their_version_and_unknown_ones_do_not(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/app.css")
        assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{12}", address)
        assert url_for("static", filename="nothing.css") == "/static/nothing.css"
